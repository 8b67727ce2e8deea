package import MooringHTTPTransport

/// Where a repository is, as people write it: a URL, `user@host:path`, or a path of this machine.
package struct GitAddress: Hashable, Sendable, CustomStringConvertible {
    package let place: Place
    /// User and password that stood in the URL; never part of `place` or of any message.
    package let embedded: Embedded?

    package enum Place: Hashable, Sendable {
        /// `http` or `https`, without user information.
        case http(url: String)
        case ssh(SSHPlace)
        /// An absolute path.
        case local(path: String)
    }

    /// A repository behind an ssh server.
    package struct SSHPlace: Hashable, Sendable {
        package let user: String?
        package let host: String
        package let port: Int?
        package let path: String
    }

    package struct Embedded: Hashable, Sendable {
        package let user: String
        package let password: Secret?
    }

    /// Why a text is no address, one sentence.
    package struct Refusal: Error, Equatable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Reads an address.
    package init(_ text: String) throws(Refusal) {
        // What could end a line, a header or an argument early is refused whatever the scheme.
        let isPrintable = text.unicodeScalars.allSatisfy { $0.value > 32 && $0.value != 127 }
        guard !text.isEmpty, text.utf8.count <= 2048, isPrintable else {
            throw Refusal(description: "A repository's address is 1 to 2048 characters without blanks.")
        }
        if let separator = text.firstRange(of: "://") {
            let scheme = text[..<separator.lowerBound].lowercased()
            (place, embedded) = try GitAddress.read(scheme: scheme, rest: text[separator.upperBound...])
        } else if text.hasPrefix("/") {
            place = .local(path: text)
            embedded = nil
        } else if let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") {
            let (user, host) = GitAddress.userAndHost(text[..<colon])
            place = .ssh(
                try GitAddress.checked(
                    user: user, host: host, port: nil, path: String(text[text.index(after: colon)...])),
            )
            embedded = nil
        } else {
            throw GitAddress.unknownForm
        }
    }

    private static func read(scheme: String, rest: Substring) throws(Refusal) -> (Place, Embedded?) {
        let authorityEnd = rest.firstIndex(of: "/") ?? rest.endIndex
        let (userInformation, host) = userAndHost(rest[..<authorityEnd])
        let path = String(rest[authorityEnd...])
        switch scheme {
        case "http", "https":
            let shown = path.prefix { $0 != "?" && $0 != "#" }
            guard !host.isEmpty, shown.count == path.count else {
                throw Refusal(description: "An http address names a host and has no query.")
            }
            var base = path
            while base.hasSuffix("/") { base.removeLast() }
            return (.http(url: "\(scheme)://\(host)\(base)"), try embedded(userInformation))
        case "ssh", "git+ssh", "ssh+git":
            let (name, port) = try hostAndPort(host)
            let decoded = try percentDecoded(path)
            // `ssh://host/~user/x` means the home folder of that user.
            let remotePath = decoded.hasPrefix("/~") ? String(decoded.dropFirst()) : decoded
            return (.ssh(try checked(user: userInformation, host: name, port: port, path: remotePath)), nil)
        case "file":
            guard host.isEmpty || host == "localhost", path.count > 1 else {
                throw Refusal(description: "A file address names an absolute path: file:///srv/repository.git.")
            }
            return (.local(path: try percentDecoded(path)), nil)
        default: throw unknownForm
        }
    }

    /// The address as it may be shown.
    package var description: String {
        switch place {
        case .http(let url): url
        case .ssh(let place):
            "ssh://\(place.host)\(place.port.map { ":\($0)" } ?? "")\(place.path.hasPrefix("/") ? "" : "/")\(place.path)"
        case .local(let path): path
        }
    }

    private static let unknownForm = Refusal(
        description: "A repository's address is an https, http, ssh or file URL, user@host:path, or an absolute path.",
    )

    private static func userAndHost(_ authority: Substring) -> (user: String?, host: String) {
        guard let at = authority.lastIndex(of: "@") else { return (nil, String(authority)) }
        return (String(authority[..<at]), String(authority[authority.index(after: at)...]))
    }

    private static func embedded(_ information: String?) throws(Refusal) -> Embedded? {
        guard let information, !information.isEmpty else { return nil }
        guard let colon = information.firstIndex(of: ":") else {
            return Embedded(user: try percentDecoded(information), password: nil)
        }
        return Embedded(
            user: try percentDecoded(String(information[..<colon])),
            password: Secret(try percentDecoded(String(information[information.index(after: colon)...]))),
        )
    }

    private static func hostAndPort(_ text: String) throws(Refusal) -> (host: String, port: Int?) {
        guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else { return (text, nil) }
        guard let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port) else {
            throw Refusal(description: "The port of an ssh address is a number from 1 to 65535.")
        }
        return (String(text[..<colon]), port)
    }

    /// What becomes an argument of a program must not look like an option of it.
    private static func checked(
        user: String?, host: String, port: Int?, path: String,
    ) throws(Refusal) -> SSHPlace {
        var name = host
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        let isHost = name.utf8.allSatisfy { byte in
            (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || ".-_:%".utf8.contains(byte)
        }
        guard isHost, !name.isEmpty, !name.hasPrefix("-"), !name.contains("%") || name.contains(":") else {
            throw Refusal(description: "The host of an ssh address is a name or an IP address.")
        }
        if let user {
            let isUser = !user.isEmpty && !user.hasPrefix("-") && !user.contains { ":@/\\'\"`$;&|<>".contains($0) }
            guard isUser else { throw Refusal(description: "The user of an ssh address is a plain name, no password.") }
        }
        guard !path.isEmpty, path != "/", !path.hasPrefix("-") else {
            throw Refusal(description: "An ssh address names the path of a repository.")
        }
        return SSHPlace(user: user, host: name, port: port, path: path)
    }

    private static func percentDecoded(_ text: String) throws(Refusal) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16), value >= 32, value != 127 else {
                throw Refusal(description: "A percent sign in an address is followed by two hexadecimal digits.")
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw Refusal(description: "An address is UTF-8.")
        }
        return decoded
    }
}
