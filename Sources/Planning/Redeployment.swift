import MooringModel
import MooringNames
import MooringShapes

/// What is remembered of a token for which a deployment is forced: `mooring: {redeploy: TOKEN}`.
///
/// The tag is set before the call, with the deployment that runs then: where the process dies between the two, that
/// deployment still runs, and the call is made; where it dies after the call, another one does, and it is not made twice.
struct Redeployment {
    private let mark: String

    init(_ token: String) {
        // A tag takes few characters and 256 of them; a digest always fits.
        mark = ServiceDigest.digest(of: ["token": .string(token)]).short
    }

    /// - Parameters:
    ///   - deployment: the one that runs before the call; nil where the service is only made.
    func tag(before deployment: String?) -> Tag {
        Tag(OwnTag.redeploy, mark + (deployment.map { "@" + $0 } ?? ""))
    }

    /// Whether a deployment for this token is still to be made.
    func isDue(for live: ObservedService) -> Bool {
        guard let value = live.tag(OwnTag.redeploy) else { return true }
        let parts = value.split(separator: "@", maxSplits: 1)
        guard parts.first.map(String.init) == mark else { return true }
        return parts.count == 2 && live.primary.map { $0.id == parts[1] } ?? false
    }
}
