/// An answer: its status, and a body with its type.
public struct HTTPResponse: Sendable, Equatable {
    /// The status.
    public var status: HTTPStatus
    /// The body's type.
    public var contentType: String
    /// The body.
    public var body: [UInt8]

    /// An answer from its parts.
    public init(status: HTTPStatus, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// An answer that only says its status.
    public init(_ status: HTTPStatus) {
        self.init(
            status: status, contentType: "text/plain; charset=utf-8",
            body: Array("\(status.rawValue) \(status.phrase)\n".utf8))
    }

    /// The answer as it is sent; the connection is closed behind it. `HEAD` gets no body.
    public func encoded(includesBody: Bool = true) -> [UInt8] {
        var head = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n"
        head += "Content-Type: \(contentType)\r\nContent-Length: \(body.count)\r\nCache-Control: no-store\r\n"
        if status == .methodNotAllowed { head += "Allow: GET, HEAD\r\n" }
        head += "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + (includesBody ? body : [])
    }
}
