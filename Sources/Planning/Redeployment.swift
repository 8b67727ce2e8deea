import MooringModel
import MooringNames
import MooringShapes

/// What is remembered of a token for which a deployment is forced: `mooring: {redeploy: TOKEN}`.
///
/// The tag is set before the call, with the deployment that runs then: where the process dies between the two, that
/// deployment still runs, and the call is made; where it dies after the call, another one does, and it is not made twice.
/// A rollback brings the earlier deployment back under its id, so the newest service deployment of then is remembered, too:
/// the call has made another one.
struct Redeployment {
    private let mark: String

    init(_ token: String) {
        // A tag takes few characters and 256 of them; a digest always fits.
        mark = ServiceDigest.digest(of: ["token": .string(token)]).short
    }

    /// Whether a deployment is to be forced.
    enum Verdict {
        case notDue
        /// The tag to set before the call.
        case due(Tag)
        /// Not decidable before ECS's records are known.
        case needsRecords
        case unreadable(Unreadable)
    }

    /// The tag of a service that is made with the token.
    var tag: Tag { Tag(OwnTag.redeploy, mark) }

    /// Whether a deployment for this token is still to be made.
    ///
    /// - Parameters:
    ///   - records: the service's newest service deployments.
    ///   - isTakenBack: whether what was begun is gone, as far as can be told without records: all there is to go by where they
    ///     cannot be read.
    func verdict(
        for live: ObservedService, records: Reading<[DeploymentRecord]>?, isTakenBack: Bool,
    ) -> Verdict {
        let parts = (live.tag(OwnTag.redeploy) ?? "").split(separator: "@").map(String.init)
        let isMarked = parts.first == mark
        if isMarked, parts.count == 1 || live.primary?.id != parts[1] { return .notDue }
        let newest: String
        switch records {
        case nil: return .needsRecords
        case .unreadable(let unreadable) where unreadable.isPassing: return .unreadable(unreadable)
        case .missing, .unreadable: return isMarked && isTakenBack ? .notDue : .due(tag(before: live, nil))
        case .known(let records): newest = records.first?.id ?? "none"
        }
        if isMarked, parts.count > 2, parts[2] != newest { return .notDue }
        return .due(tag(before: live, newest))
    }

    private func tag(before live: ObservedService, _ record: String?) -> Tag {
        Tag(OwnTag.redeploy, [mark, live.primary?.id ?? "none", record].compactMap { $0 }.joined(separator: "@"))
    }
}
