import CGit2
import Glibc
import MooringNames
import MooringPorts

/// A conversation with a server about one mirror: connect, look at the refs, then fetch or push.
final class Conversation {
    private let remote: Handle<RemoteResource>
    private let context: SmartTransport.Context
    private var operation: Operation { context.operation }

    /// - Parameter connection: nil for a local path, which libgit2 reads itself.
    init(
        mirror: OpenMirror, address: GitAddress, operation: Operation, connection: (any SmartConnection)?,
    ) throws(GitProblem) {
        context = SmartTransport.Context(operation: operation, connection: connection)
        var options = git_remote_create_options()
        try check("git_remote_create_options_init") {
            git_remote_create_options_init(&options, UInt32(GIT_REMOTE_CREATE_OPTIONS_VERSION))
        }
        options.repository = mirror.repository.pointer
        // Looking for `insteadOf` leaks memory with every entry of the configuration, and is not wanted.
        options.flags =
            GIT_REMOTE_CREATE_SKIP_INSTEADOF.rawValue | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC.rawValue
        remote = try Handle("git_remote_create_with_opts") { out in
            git_remote_create_with_opts(out, address.description, &options)
        }
    }

    /// Connects, to fetch.
    func connect() throws(GitProblem) {
        try perform { () throws(GitProblem) in
            var options = git_remote_connect_options()
            try check("git_remote_connect_options_init") {
                git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION))
            }
            options.callbacks = try callbacks()
            try check("git_remote_connect_ext") {
                git_remote_connect_ext(remote.pointer, GIT_DIRECTION_FETCH, &options)
            }
        }
    }

    /// The refs that the server advertises.
    func heads() throws(GitProblem) -> [String: ObjectKey] {
        var list: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        try check("git_remote_ls") { git_remote_ls(&list, &count, remote.pointer) }
        guard count <= Limits.advertisedRefs else {
            throw .limit("refs that a server advertises", maximum: Limits.advertisedRefs)
        }
        var heads: [String: ObjectKey] = [:]
        // The list belongs to the transport, and is valid until its next call.
        for index in 0..<count {
            guard let head = list?[index], let name = head.pointee.name else { continue }
            heads[String(cString: name)] = ObjectKey(head.pointee.oid)
        }
        // What a server without refs sends so that it can tell its capabilities at all.
        heads["capabilities^{}"] = nil
        return heads
    }

    /// Receives what is missing for `refs` of the server. No ref of the mirror is set.
    func download(_ refs: [String]) throws(GitProblem) {
        try perform { () throws(GitProblem) in
            var options = git_fetch_options()
            try check("git_fetch_options_init") {
                git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
            }
            options.callbacks = try callbacks()
            options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
            options.update_fetchhead = 0
            options.prune = GIT_FETCH_NO_PRUNE
            try withStrings(refs.map { "+\($0):\($0)" }) { strings throws(GitProblem) in
                try check("git_remote_download") { git_remote_download(remote.pointer, strings, &options) }
            }
        }
    }

    /// Pushes the mirror's ref to a ref of a repository on this machine, without force. To servers, see `LeanPush`.
    ///
    /// - Parameters:
    ///   - target: the server's name for it; nil is the same as the mirror's.
    ///   - expected: where the server's ref must stand for the push to go ahead; nil leaves it to the rule that nothing may be
    ///     lost. Otherwise a branch that was set back in the meantime would get back what was taken from it.
    /// - Returns: nil where the server took it, otherwise why not: libgit2's words or the server's.
    func push(
        _ ref: String, to target: String? = nil, expecting expected: ObjectKey? = nil,
    ) throws(GitProblem) -> PushRefusal? {
        let target = target ?? ref
        operation.expectedTarget = expected
        do {
            try perform { () throws(GitProblem) in
                var options = git_push_options()
                try check("git_push_options_init") {
                    git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION))
                }
                options.callbacks = try callbacks()
                options.pb_parallelism = 1
                try withStrings(["\(ref):\(target)"]) { strings throws(GitProblem) in
                    try check("git_remote_push") { git_remote_push(remote.pointer, strings, &options) }
                }
            }
        } catch .library(let error) where error.code == GIT_ENONFASTFORWARD.rawValue {
            return .outrun(error.message)
        } catch  where operation.wasOutrun {
            return .outrun("The server's ref has moved.")
        }
        // The call succeeds although the server refused a ref: only its verdict on each says so.
        guard let verdict = operation.verdicts.last(where: { $0.ref == target }) else {
            return .declined("The server did not say whether it took what was pushed.")
        }
        return verdict.words.map { PushRefusal(words: $0) }
    }

    // MARK: Callbacks

    private func callbacks() throws(GitProblem) -> git_remote_callbacks {
        var callbacks = git_remote_callbacks()
        try check("git_remote_init_callbacks") {
            git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION))
        }
        callbacks.payload = Unmanaged.passUnretained(context).toOpaque()
        if context.connection != nil { callbacks.transport = SmartTransport.factory }
        // All of these run only when something happens; the transports keep the deadline when nothing does.
        callbacks.transfer_progress = { progress, payload in
            Conversation.operation(payload)?.received(bytes: progress?.pointee.received_bytes ?? 0) ?? 0
        }
        callbacks.sideband_progress = { _, _, payload in Conversation.goOn(payload) }
        callbacks.pack_progress = { _, _, _, payload in Conversation.goOn(payload) }
        callbacks.push_transfer_progress = { _, _, _, payload in Conversation.goOn(payload) }
        callbacks.push_negotiation = { updates, count, payload in
            guard count > 0, let update = updates?[0] else { return Conversation.goOn(payload) }
            return Conversation.operation(payload)?.mayReplace(ObjectKey(update.pointee.src)) ?? 0
        }
        callbacks.push_update_reference = { ref, words, payload in
            Conversation.operation(payload)?.record(
                verdict: words.map { String(cString: $0) }, on: ref.map { String(cString: $0) } ?? "",
            )
            return 0
        }
        return callbacks
    }

    private static func operation(_ payload: UnsafeMutableRawPointer?) -> Operation? {
        payload.map { Unmanaged<SmartTransport.Context>.fromOpaque($0).takeUnretainedValue().operation }
    }

    private static func goOn(_ payload: UnsafeMutableRawPointer?) -> Int32 {
        operation(payload)?.interruption == nil ? 0 : Operation.stopCode
    }

    /// The callbacks point to the context, so it lives until the call is over.
    private func perform(_ body: () throws(GitProblem) -> Void) throws(GitProblem) {
        try operation.checkTime()
        defer { withExtendedLifetime(context) {} }
        try operation.perform(body)
    }

    private func withStrings(
        _ strings: [String], _ body: (UnsafePointer<git_strarray>) throws(GitProblem) -> Void,
    ) throws(GitProblem) {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { pointers.forEach { free($0) } }
        let count = pointers.count
        let result = pointers.withUnsafeMutableBufferPointer { buffer in
            var array = git_strarray(strings: buffer.baseAddress, count: count)
            return Result { () throws(GitProblem) in try body(&array) }
        }
        try result.get()
    }
}

/// Why a server did not take a pushed ref.
enum PushRefusal: Equatable {
    /// Another writer was faster: fetch, merge and push again.
    case outrun(String)
    /// Pushing again would bring the same answer.
    case declined(String)

    init(_ words: String, isRace: Bool) { self = isRace ? .outrun(words) : .declined(words) }

    /// Reads the server's own words. They are free text; these are git's for a ref that moved or is being moved.
    ///
    /// - Parameter explanation: what a hook of the server printed, for people.
    init(words: String, explained explanation: String = "") {
        let lowered = words.lowercased()
        let races = [
            "failed to update ref", "non-fast-forward", "fetch first", "cannot lock ref", "incorrect old value",
            "stale info", "failed to lock", "reference already exists",
            // Azure DevOps: TF401028, "has already been updated by another client"; and servers on JGit.
            "already been updated", "non-fast forward", "invalid old id",
        ]
        let isRace = races.contains { lowered.contains($0) }
        let explanation = Words.printable(explanation)
        let all = isRace || explanation.isEmpty ? words : "\(words): \(explanation)"
        self.init(Words.printable(all), isRace: isRace)
    }
}
