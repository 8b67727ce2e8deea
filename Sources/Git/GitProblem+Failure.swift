import CGit2
import MooringPorts

extension GitProblem {
    /// Whether the mirror itself may be at fault, so that it is better made anew.
    var hintsAtDamage: Bool {
        switch self {
        case .incomplete, .malformed: true
        case .library(let error): error.isDamage || error.code == GIT_ELOCKED.rawValue
        default: false
        }
    }

    /// The problem as the port carries it.
    ///
    /// - Parameter mirror: the folder of the mirror, for advice about the disk.
    func failure(_ tried: String, _ remote: GitRemoteSettings, mirror: String? = nil) -> Failure {
        let verdict = refusal(of: remote) ?? verdict
        var remedy = remedy(verdict.code, remote)
        if verdict.code == .storage, let mirror {
            remedy = "Check the space and the permissions of the data folder (\(mirror))."
        }
        return Failure(
            code: verdict.code, subject: remote.address.description, tried: tried, cause: verdict.cause,
            remedy: remedy, disposition: verdict.disposition,
        )
    }

    /// What a repository on this machine does not take, nil for everything else: libgit2 writes to it as to our mirror, and
    /// only the path in its words says which of the two disks or folders is meant.
    private func refusal(of remote: GitRemoteSettings) -> TransportFault? {
        guard case .library(let error) = self, case .local(let path) = remote.address.place,
            error.message.contains(path), [.storage, .malformedAnswer].contains(error.verdict.code)
        else { return nil }
        let words = error.message.hasSuffix(".") ? error.message : error.message + "."
        return TransportFault(.accessDenied, "The repository does not take it: \(words)", .stalled)
    }

    /// The problem with a repository that has no address: a working copy.
    func failure(tried: String, subject: String) -> Failure {
        let verdict = verdict
        return Failure(
            code: verdict.code, subject: subject, tried: tried, cause: verdict.cause,
            disposition: verdict.disposition)
    }

    private var verdict: TransportFault {
        switch self {
        case .library(let error): error.verdict
        case .transport(let fault): fault
        case .missing(let cause, _): TransportFault(.notFound, cause, .stalled)
        case .incomplete(let cause), .malformed(let cause): TransportFault(.malformedAnswer, cause)
        case .limit(let what, let maximum):
            TransportFault(.limitExceeded, "The limit on \(what), \(maximum), is exceeded.", .stalled)
        case .deadline: TransportFault(.timedOut, "It was not done within the time allowed.")
        case .cancelled: TransportFault(.cancelled, "It was given up.")
        case .emptyRepository: TransportFault(.notFound, "The repository is empty: it has no branch.", .stalled)
        case .missingBranch(let branch):
            TransportFault(.notFound, "The repository has no branch '\(branch)'.", .stalled)
        case .refused(let words):
            TransportFault(.accessDenied, "The server refused: \(GitProblem.sentence(words))", .stalled)
        case .unfit(let cause): TransportFault(.invalidInput, cause, .invalidInput)
        case .unmergeable(let cause): TransportFault(.invalidInput, cause, .stalled)
        case .outrun(let attempts):
            TransportFault(.conflict, "Another writer was faster at each of \(attempts) attempts.")
        case .storage(let cause): TransportFault(.storage, cause)
        }
    }

    private func remedy(_ code: Failure.Code, _ remote: GitRemoteSettings) -> String {
        if case .missingBranch = self {
            return "Check the branch's name, or restore it; until then nothing changes."
        }
        if case .emptyRepository = self { return "Push the branch, or restore it; until then nothing changes." }
        if case .missing(_, let remedy) = self { return remedy }
        if remote.isLocal, let remedy = localRemedy(code) { return remedy }
        let credential = remote.credentialOrigin ?? "the repository's settings"
        switch code {
        case .unauthenticated: return "Check \(remote.isSSH ? "the ssh key" : "the token") in \(credential)."
        case .accessDenied:
            return "Check what the owner of \(remote.isSSH ? "the key" : "the token") in \(credential) may do."
        case .notFound:
            return "Check the repository's address; some hosts answer so where the credential has no access."
        case .untrustedHost where remote.isSSH:
            return "Compare the host's key with what its owner publishes, then correct the known hosts."
        case .untrustedHost: return "If its certificate comes from a private authority, name that one's CA file."
        case .storage: return "Check the data folder's space and permissions."
        case .unreachable: return "Check the repository's address, and the way to it."
        case .invalidInput: return remote.isSSH ? "Check the repository's settings." : ""
        default: return ""
        }
    }

    /// What to do about a repository of this machine, which nobody logs in to.
    private func localRemedy(_ code: Failure.Code) -> String? {
        switch code {
        case .notFound: "Check the repository's path."
        case .accessDenied: "Check who may write to the repository's folder."
        case .invalidInput: "Name a bare repository, as 'git clone --bare' makes one."
        default: nil
        }
    }

    private static func sentence(_ words: String) -> String { words.hasSuffix(".") ? words : words + "." }
}

extension GitRemoteSettings {
    /// Whether the address is a folder of this machine.
    var isLocal: Bool {
        if case .local = address.place { true } else { false }
    }

    /// Whether the address is one of ssh.
    var isSSH: Bool {
        if case .ssh = address.place { true } else { false }
    }
}

extension LibraryError {
    private func isOf(_ errorClass: git_error_t) -> Bool { self.errorClass == Int32(bitPattern: errorClass.rawValue) }

    private func says(_ parts: String...) -> Bool {
        let lowered = message.lowercased()
        return parts.contains { lowered.contains($0) }
    }

    /// Whether it tells of objects or refs on our disk that cannot be read.
    var isDamage: Bool {
        guard code != GIT_ENOTFOUND.rawValue || isOf(GIT_ERROR_ODB), !isOutOfSpace else { return false }
        return [GIT_ERROR_ODB, GIT_ERROR_ZLIB, GIT_ERROR_OBJECT, GIT_ERROR_REFERENCE, GIT_ERROR_SHA].contains {
            isOf($0)
        }
    }

    /// Whether libgit2 repeats what a server said, or how the way to it ended.
    private var isOfServer: Bool { [GIT_ERROR_NET, GIT_ERROR_SSH, GIT_ERROR_HTTP].contains { isOf($0) } }

    private var isOutOfSpace: Bool {
        !isOfServer
            && says("no space left", "disk quota", "read-only file system", "permission denied", "too many open files")
    }

    /// What a failed call of libgit2 means, where no transport of ours knows better.
    var verdict: TransportFault {
        let words = message.hasSuffix(".") ? message : message + "."
        if isOfServer, says("permission denied", "access denied", "not allowed") {
            return TransportFault(.accessDenied, "The server refused: \(words)", .stalled)
        }
        if isOutOfSpace { return TransportFault(.storage, "The disk does not take it: \(words)") }
        if says("ref pkt-line", "invalid object id", "object format") {
            return TransportFault(
                .invalidInput,
                "The server's refs cannot be read: repositories with SHA-256 ids and shallow ones are not supported.",
                .invalidInput,
            )
        }
        if says("failed to resolve path", "could not find repository", "not found", "no such file") {
            return TransportFault(.notFound, "There is no such repository: \(words)", .stalled)
        }
        if says("non-bare") {
            return TransportFault(.invalidInput, "Notes can only be pushed to a bare repository: \(words)", .stalled)
        }
        if says("too many objects") {
            return TransportFault(.limitExceeded, "The pack is too large: \(words)", .stalled)
        }
        if code == GIT_ELOCKED.rawValue { return TransportFault(.conflict, "A ref of the mirror is locked: \(words)") }
        if isDamage {
            return TransportFault(.storage, "The mirror is damaged and will be made anew: \(words)")
        }
        if isOf(GIT_ERROR_NET) || isOf(GIT_ERROR_INDEXER) {
            return TransportFault(.connectionLost, "The exchange with the server broke off: \(words)")
        }
        return TransportFault(.malformedAnswer, "\(function) says: \(words)")
    }
}
