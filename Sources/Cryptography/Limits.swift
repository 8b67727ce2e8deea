/// The bounds of this module, each with its reason.
enum Limits {
    /// Largest private key that is read: one of 16,384 bits is 13 KB in PEM.
    static let privateKeyBytes = 64 << 10

    /// Fewest bits of an RSA key: RFC 7518 demands 2,048.
    static let rsaBits = 2_048
}
