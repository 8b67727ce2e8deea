import Foundation
import MooringPorts

/// Keeping the mirror small. libgit2 cannot collect garbage and repacks slowly, so a grown mirror is cloned afresh beside
/// itself, and then takes its place.
extension GitMirror {
    /// Clones afresh where packs or loose objects have grown past their limits. A failure changes nothing, and is left to
    /// the next attempt: the mirror works as it is.
    func compactIfGrown() async {
        if let compactedAt, clock.uptime - compactedAt < Limits.compactionPause { return }
        guard packCount > settings.packs || looseObjectEstimate > Limits.looseObjects else { return }
        compactedAt = clock.uptime
        let attempt = Attempt("clone afresh", .source)
        try? await run(attempt, for: settings.source.deadlines.transfer) { operation throws(GitProblem) in
            try self.cloneAfresh(operation)
        }
    }

    private func cloneAfresh(_ operation: Operation) throws(GitProblem) {
        let sibling = folder + ".new"
        defer { try? FileManager.default.removeItem(atPath: sibling) }
        let fresh = try OpenMirror.recreate(sibling)
        let session = try session(.source, operation, in: fresh)
        try session.connect()
        let heads = try session.heads()
        // What the server has lost is kept only here.
        guard fetchedRefs.keys.allSatisfy({ heads[$0] != nil }) else { return }
        let wanted = fetchedRefs.sorted { $0.key < $1.key }
        try session.download(wanted.map(\.key))
        for (remoteName, name) in wanted {
            guard let head = heads[remoteName], fresh.objects.contains(head) else { continue }
            try fresh.set(name, to: head)
        }
        try takePlace(of: sibling)
    }

    /// Moves the fresh clone to the mirror's place. A crash in between leaves no mirror, which is made when it is needed.
    private func takePlace(of sibling: String) throws(GitProblem) {
        closeMirror()
        do {
            try FileManager.default.removeItem(atPath: folder)
            try FileManager.default.moveItem(atPath: sibling, toPath: folder)
        } catch {
            throw .storage("The mirror cannot be replaced: \(Words.printable(error.localizedDescription)).")
        }
    }

    var packCount: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/objects/pack")) ?? []
        return names.count { $0.hasSuffix(".pack") }
    }

    /// Ids are evenly spread, so one of the 256 folders stands for all.
    private var looseObjectEstimate: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/objects/17")) ?? []
        return names.count * 256
    }
}
