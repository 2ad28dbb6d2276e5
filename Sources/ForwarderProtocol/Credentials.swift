import Glibc
public import KernelInterface

/// An output's secrets and certificates, read while the process may still read them: the user that it becomes may not.
public struct Credentials {
    /// The bearer token; empty for none.
    public private(set) var bearerToken = ""
    /// Certificates to trust, PEM.
    public let authorities: [UInt8]
    /// The client's certificate, PEM.
    public let certificate: [UInt8]
    /// Its key, PEM.
    public let key: [UInt8]
    private let tokenFile: String

    /// Reads them; fails when a file can't be read.
    public init(_ output: NetworkOutput) throws(KernelError) {
        let connection = output.connection
        authorities = try Self.read(connection.caFile)
        certificate = try Self.read(connection.certificateFile)
        key = try Self.read(connection.keyFile.isEmpty ? connection.certificateFile : connection.keyFile)
        guard case .webhook(let settings) = output.kind else {
            tokenFile = ""
            return
        }
        tokenFile = settings.bearerTokenFile
        if !tokenFile.isEmpty {
            bearerToken = Self.token(try Self.read(tokenFile))
        } else if !settings.bearerTokenVariable.isEmpty, let value = getenv(settings.bearerTokenVariable) {
            bearerToken = Self.token(Array(String(cString: value).utf8))
        }
    }

    /// Reads a token that is replaced while the process runs (Kubernetes does so hourly). Where the file may not be read
    /// any more the old token stays.
    public mutating func refreshToken() {
        guard !tokenFile.isEmpty, let bytes = try? Self.read(tokenFile) else { return }
        let token = Self.token(bytes)
        if !token.isEmpty { bearerToken = token }
    }

    /// The token's characters (RFC 6750, section 2.1): what ends the line in the file does not belong to it, and nothing
    /// may begin a header of its own.
    static func token(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.filter { $0 > 0x20 && $0 < 0x7f }, as: UTF8.self)
    }

    /// A file's bytes; none for an empty path. More than a mebibyte is no certificate.
    private static func read(_ path: String) throws(KernelError) -> [UInt8] {
        if path.isEmpty { return [] }
        let opened = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard opened >= 0 else { throw KernelError(call: "open", object: path, errno: errno) }
        let file = FileDescriptor(owning: opened)
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var count = 0
        while count < bytes.count {
            let room = bytes.count - count
            let step = bytes.withUnsafeMutableBytes {
                // `count` is below the buffer's size, so the rest is inside it.
                Glibc.read(file.rawValue, $0.baseAddress?.advanced(by: count), room)
            }
            if step == 0 { break }
            if step < 0 {
                if errno == EINTR { continue }
                throw KernelError(call: "read", object: path, errno: errno)
            }
            count += step
        }
        return Array(bytes[..<count])
    }
}

extension NetworkOutput {
    /// What keeps the output from being used with its files: one can't be read, or is not what it should be; nil when they
    /// are in order.
    public func credentialProblem() -> String? {
        let credentials: Credentials
        do throws(KernelError) { credentials = try Credentials(self) } catch { return "output \(name): \(error)" }
        for (bytes, file, label, what) in [
            (credentials.authorities, connection.caFile, "CERTIFICATE-----", "certificates"),
            (credentials.certificate, connection.certificateFile, "CERTIFICATE-----", "a certificate"),
            (
                credentials.key, connection.keyFile.isEmpty ? connection.certificateFile : connection.keyFile,
                "PRIVATE KEY-----", "a private key"
            ),
        ] where !file.isEmpty {
            // The beginning of a PEM block (RFC 7468, section 2).
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.contains("-----BEGIN "), text.contains(label) else {
                return "output \(name): \(file) does not hold \(what) in PEM form"
            }
        }
        if case .webhook(let webhook) = kind, !webhook.bearerTokenFile.isEmpty, credentials.bearerToken.isEmpty {
            return "output \(name): \(webhook.bearerTokenFile) holds no token"
        }
        return nil
    }
}
