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

    /// Replaces a mirror that cannot be read, with what was fetched before where the server still has it.
    func replaceDamaged() async throws(Failure) {
        let attempt = Attempt("clone afresh", .source)
        try await run(attempt, for: settings.source.deadlines.transfer) { operation throws(GitProblem) in
            try self.cloneAfresh(operation, isDamaged: true)
        }
    }

    private func cloneAfresh(_ operation: Operation, isDamaged: Bool = false) throws(GitProblem) {
        let sibling = folder + ".new"
        defer { try? FileManager.default.removeItem(atPath: sibling) }
        let fresh = try OpenMirror.recreate(sibling)
        let refs = (fetchedRefs.sorted { $0.key < $1.key } + fetchedProposals.sorted { $0.key < $1.key })
        if !refs.isEmpty {
            let conversation = try conversation(.source, operation, in: fresh)
            try conversation.connect()
            let heads = try conversation.heads()
            let wanted = refs.filter { heads[$0.key] != nil }
            // What the server has lost is kept only here: a mirror in good order is not given up for its size.
            guard isDamaged || wanted.count == refs.count else { return }
            if !wanted.isEmpty { try conversation.download(Set(wanted.map(\.key)).sorted()) }
            for (remoteName, name) in wanted {
                guard let head = heads[remoteName], fresh.objects.contains(head) else { continue }
                try fresh.set(name, to: head)
            }
        }
        if !isDamaged {
            // A proposal that was forced elsewhere may be under examination as it was.
            let before = try mirror()
            for name in fetchedProposals.values.sorted() {
                if let head = try before.target(of: name), !fresh.objects.contains(head) { return }
            }
            try carryMerges(from: before, to: fresh)
        }
        try takePlace(of: sibling)
    }

    /// Copies what was merged of late: it is on no server, and somebody may be about to read it.
    private func carryMerges(from old: OpenMirror, to fresh: OpenMirror) throws(GitProblem) {
        for merged in mergedCommits {
            for object in merged.objects {
                guard let header = try old.objects.header(of: object.key) else { continue }
                let bytes = try old.objects.read(object.key, object.kind, maximum: header.bytes)
                _ = try fresh.objects.write(bytes, object.kind)
            }
        }
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
