package import MooringNames

/// A service that carries this environment's tag and that git no longer has.
package struct LeavingService: Hashable, Sendable {
    package let key: ServiceKey
    package let state: State
    /// Whether anything has been done to it yet, by this plan or before.
    package let hasBegun: Bool

    package init(key: ServiceKey, state: State, hasBegun: Bool = true) {
        self.key = key
        self.state = state
        self.hasBegun = hasBegun
    }

    package enum State: Hashable, Sendable {
        /// Steps of this plan bring it nearer to its end, or ECS is draining it.
        case removing(progress: String)
        /// It stays for now; a whole sentence says why and what to do.
        case kept(why: String)
    }
}
