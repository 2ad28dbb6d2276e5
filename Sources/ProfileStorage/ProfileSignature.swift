import CSodium

/// A signature of a profile's document by Ed25519 (RFC 8032): who reviewed it, and that it is what was reviewed.
///
/// Files hold hexadecimal digits: a public key 64, a secret one 128, a signature 128.
public struct ProfileSignature: Sendable, Equatable {
    /// The signature's 64 bytes.
    public let bytes: [UInt8]

    /// Reads a signature's file; nil when it is none.
    public init?(text: [UInt8]) {
        guard let bytes = SigningKey.bytes(text, count: 64) else { return nil }
        self.bytes = bytes
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// The signature of a document by a secret key; nil when the library can't be used.
    public static func make(of document: [UInt8], by key: SigningKey) -> ProfileSignature? {
        var signature = [UInt8](repeating: 0, count: 64)
        guard shrike_ed25519_sign(&signature, document, document.count, key.secret) == 0 else { return nil }
        return ProfileSignature(bytes: signature)
    }

    /// Whether it is a document's, by the secret key that belongs to a public one.
    public func isValid(for document: [UInt8], by key: PublicKey) -> Bool {
        shrike_ed25519_verify(bytes, document, document.count, key.bytes) == 0
    }

    /// What its file holds.
    public var text: String { SigningKey.text(bytes) }
}

/// A key that signatures are checked by.
public struct PublicKey: Sendable, Equatable {
    /// The key's 32 bytes.
    public let bytes: [UInt8]

    /// Reads a key's file; nil when it is none.
    public init?(text: [UInt8]) {
        guard let bytes = SigningKey.bytes(text, count: 32) else { return nil }
        self.bytes = bytes
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// What its file holds.
    public var text: String { SigningKey.text(bytes) }
}

/// A pair of keys.
public struct SigningKey: Sendable {
    let secret: [UInt8]

    /// Reads a secret key's file; nil when it is none.
    public init?(text: [UInt8]) {
        guard let bytes = Self.bytes(text, count: 64) else { return nil }
        secret = bytes
    }

    /// Makes a pair; nil when the library can't be used.
    public init?() {
        var publicKey = [UInt8](repeating: 0, count: 32)
        var secretKey = [UInt8](repeating: 0, count: 64)
        guard shrike_ed25519_make_keys(&publicKey, &secretKey) == 0 else { return nil }
        secret = secretKey
    }

    /// The public one: the second half of the secret one, as libsodium keeps it.
    public var publicKey: PublicKey { PublicKey(bytes: Array(secret[32...])) }

    /// What the secret key's file holds.
    public var text: String { Self.text(secret) }

    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self) + "\n"
    }

    static func bytes(_ text: [UInt8], count: Int) -> [UInt8]? {
        let digits = text.filter { $0 > 0x20 }
        guard digits.count == count * 2, digits.count + 8 >= text.count else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
