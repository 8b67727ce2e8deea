import CGit2
import MooringPorts

/// What a call of libgit2 left behind, taken on the calling thread straight after it.
struct LibraryError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The C function that failed.
    let function: String
    /// Its return value: `GIT_ENOTFOUND` and the like, an open set.
    let code: Int32
    /// The part of libgit2 that reported it: `GIT_ERROR_ODB` and the like, an open set.
    let errorClass: Int32
    let message: String

    var description: String { "\(function): \(message) (\(code), class \(errorClass))" }
}

/// What this module's own functions throw; `Failure` is made of it at the port.
enum GitProblem: Error, Equatable, Sendable {
    /// libgit2 refused.
    case library(LibraryError)
    /// The transport failed, and knows better why than libgit2.
    case transport(TransportFault)
    /// An object, a folder or a ref that was asked for is not there.
    case missing(String, remedy: String)
    /// An object that another object names is not there: the mirror is damaged.
    case incomplete(String)
    /// An object is not what git says it must be.
    case malformed(String)
    /// A named bound was reached.
    case limit(String, maximum: Int)
    /// The deadline passed.
    case deadline
    /// The task was cancelled.
    case cancelled
    /// The server has no ref at all.
    case emptyRepository
    /// The server does not have the branch.
    case missingBranch(String)
    /// The server refused what was pushed, and not because another writer was faster.
    case refused(String)
    /// What we were asked for makes no sense; nothing was asked of the server.
    case unfit(String)
    /// The trees of two commits cannot be merged, whoever tries.
    case unmergeable(String)
    /// Another writer was faster at every attempt.
    case outrun(attempts: Int)
    /// The mirror's folder cannot be made, replaced or written.
    case storage(String)
}

/// Why no exchange with the server came about.
struct TransportFault: Error, Equatable, Sendable {
    let code: Failure.Code
    /// One sentence, with its full stop, without secrets.
    let cause: String
    let disposition: Failure.Disposition

    init(_ code: Failure.Code, _ cause: String, _ disposition: Failure.Disposition = .retry(after: nil)) {
        self.code = code
        self.cause = cause
        self.disposition = disposition
    }
}

/// Runs `call`, and throws what libgit2 says about it if it returns a negative number.
@discardableResult
func check(_ function: StaticString, _ call: () -> Int32) throws(GitProblem) -> Int32 {
    let code = call()
    guard code < 0 else { return code }
    // The error is kept per thread and only until the next call.
    var message = "no message"
    var errorClass: Int32 = 0
    if let last = git_error_last() {
        errorClass = last.pointee.klass
        if let text = last.pointee.message { message = String(cString: text) }
    }
    git_error_clear()
    throw .library(
        LibraryError(function: "\(function)", code: code, errorClass: errorClass, message: Words.printable(message)),
    )
}

/// Texts that came from elsewhere, made fit to be shown.
enum Words {
    /// `text` in one line without control characters, cut to `maximum` characters.
    static func printable(_ text: String, maximum: Int = Limits.serverWordsCharacters) -> String {
        var shown = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if count == maximum { break }
            count += 1
            // Line ends become spaces; what could steer a terminal or reorder a line is replaced.
            if scalar == "\n" || scalar == "\r" || scalar == "\t" {
                shown.append(" ")
            } else if isHarmful(scalar) {
                shown.append("\u{FFFD}")
            } else {
                shown.append(scalar)
            }
        }
        return trimmed(String(shown))
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0 == " " }
        guard let end = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...end])
    }
}
