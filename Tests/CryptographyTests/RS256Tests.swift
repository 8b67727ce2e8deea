import Foundation
import MooringCryptography
import Testing

/// The openssl program is the independent peer: it makes the keys and says whether a signature holds.
@Suite struct `An RSA signature` {
    /// A folder of its own, gone afterwards.
    private static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mooring-rs256-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    /// - Returns: how the program ended.
    @discardableResult
    private static func openssl(_ arguments: String, in folder: URL) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    private static func text(_ name: String, in folder: URL) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }

    @Test func `holds for openssl, with keys in both of PEM's forms, and is the same each time`() throws {
        try Self.withFolder { folder in
            try Self.openssl("genrsa -out key.pem 2048", in: folder)
            // GitHub hands its keys out in the older form.
            try Self.openssl("rsa -in key.pem -traditional -out old.pem", in: folder)
            try Self.openssl("rsa -in key.pem -pubout -out public.pem", in: folder)
            let new = try Self.text("key.pem", in: folder)
            let old = try Self.text("old.pem", in: folder)
            #expect(new.hasPrefix("-----BEGIN PRIVATE KEY-----") && old.hasPrefix("-----BEGIN RSA PRIVATE KEY-----"))
            for message in ["", "header.claims", String(repeating: "x", count: 100_000)] {
                let signature = try RS256.signature(of: message.utf8, privateKey: new)
                #expect(signature.count == 256)
                #expect(try RS256.signature(of: message.utf8, privateKey: old) == signature)
                try Data(message.utf8).write(to: folder.appendingPathComponent("message"))
                try Data(signature).write(to: folder.appendingPathComponent("signature"))
                let verify = "dgst -sha256 -verify public.pem -signature signature message"
                #expect(try Self.openssl(verify, in: folder) == 0)
                try Data((message + ".").utf8).write(to: folder.appendingPathComponent("message"))
                #expect(try Self.openssl(verify, in: folder) != 0)
            }
        }
    }

    @Test func `is not made with what is no such key, and nobody is asked for a passphrase`() throws {
        try Self.withFolder { folder in
            try Self.openssl("genrsa -aes256 -passout pass:abcd -out locked.pem 2048", in: folder)
            try Self.openssl("genrsa -out short.pem 1024", in: folder)
            try Self.openssl("ecparam -name prime256v1 -genkey -noout -out curve.pem", in: folder)
            let cases: [(String, RS256.Trouble)] = [
                (try Self.text("locked.pem", in: folder), .unreadableKey),
                (try Self.text("short.pem", in: folder), .shortKey(bits: 1024)),
                (try Self.text("curve.pem", in: folder), .wrongKind), ("", .unreadableKey),
                ("nonsense", .unreadableKey),
                (String(repeating: "x", count: 1 << 20), .unreadableKey),
            ]
            for (key, trouble) in cases {
                #expect(throws: trouble) { try RS256.signature(of: "x".utf8, privateKey: key) }
            }
        }
    }
}

@Suite struct `Base 64 for URLs` {
    // RFC 4648, section 10, without padding, and the two characters that differ.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"), ("\u{3}\u{3F}\u{7F}?>~", "Az9_Pz5-"),
    ])
    func `gives the published texts`(bytes: String, text: String) { #expect(Base64URL.text(of: bytes.utf8) == text) }
}
