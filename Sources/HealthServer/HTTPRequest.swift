/// The head of an HTTP/1.x request (RFC 9112), read strictly: what is not certainly a GET or HEAD without a body is refused.
/// Pure: bytes in, verdict out.
public struct HTTPRequest: Sendable, Equatable {
    /// The methods that are served.
    public enum Method: Sendable, Equatable {
        case get
        /// As `get`, but the answer has no body.
        case head
    }

    /// What bytes that came so far are.
    public enum Outcome: Sendable, Equatable {
        /// The beginning of a request.
        case incomplete
        /// A whole request.
        case complete(HTTPRequest)
        /// Nothing that is served; answer with this status and close.
        case refused(HTTPStatus)
    }

    /// Most bytes of a request's head, the empty line included.
    public static let sizeLimit = 4096
    /// Most header lines.
    public static let headerLimit = 64

    /// How it asks.
    public let method: Method
    /// The path, without the query: bytes as they came, nothing decoded.
    public let path: [UInt8]

    /// Reads what came so far.
    public static func parse(_ bytes: Span<UInt8>) -> Outcome {
        var lines = Lines()
        let first: Range<Int>
        switch lines.next(bytes) {
        case .line(let range): first = range
        case .unfinished: return bytes.count >= sizeLimit ? .refused(.headTooLarge) : .incomplete
        case .malformed: return .refused(.badRequest)
        }
        let request: HTTPRequest
        switch requestLine(bytes, first) {
        case .success(let found): request = found
        case .failure(let status): return .refused(status)
        }
        let needsHost = bytes[first.upperBound - 1] == UInt8(ascii: "1")
        var headers = 0
        var hosts = 0
        while true {
            let line: Range<Int>
            switch lines.next(bytes) {
            case .line(let range): line = range
            case .unfinished: return bytes.count >= sizeLimit ? .refused(.headTooLarge) : .incomplete
            case .malformed: return .refused(.badRequest)
            }
            if lines.end > sizeLimit { return .refused(.headTooLarge) }
            if line.isEmpty { break }
            headers += 1
            if headers > headerLimit { return .refused(.headTooLarge) }
            switch header(bytes, line) {
            case .host: hosts += 1
            case .other: break
            case .hasBody, .malformed: return .refused(.badRequest)
            }
        }
        // HTTP/1.1 asks for exactly one (RFC 9112, section 3.2).
        guard hosts == 1 || (hosts == 0 && !needsHost) else { return .refused(.badRequest) }
        // Behind the head nothing may follow: there is no body and no second request.
        return lines.end == bytes.count ? .complete(request) : .refused(.badRequest)
    }

    // MARK: Parts

    private enum Line {
        case line(Range<Int>)
        case unfinished
        case malformed
    }

    /// Cuts the head into lines that end in CR LF; a bare CR or LF, a NUL or another control character is malformed.
    private struct Lines {
        /// Where the next line begins.
        private(set) var end = 0

        mutating func next(_ bytes: Span<UInt8>) -> Line {
            var index = end
            while index < bytes.count {
                let byte = bytes[index]
                if byte == UInt8(ascii: "\r") {
                    guard index + 1 < bytes.count else { return .unfinished }
                    guard bytes[index + 1] == UInt8(ascii: "\n") else { return .malformed }
                    let line = end..<index
                    end = index + 2
                    return .line(line)
                }
                if byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7f { return .malformed }
                index += 1
            }
            return .unfinished
        }
    }

    private enum Parsed {
        case success(HTTPRequest)
        case failure(HTTPStatus)
    }

    /// `GET /path HTTP/1.1`, single blanks, a path in origin form.
    private static func requestLine(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Parsed {
        let blank = UInt8(ascii: " ")
        var blanks: [Int] = []
        for index in line where bytes[index] == blank {
            blanks.append(index)
            if blanks.count > 2 { return .failure(.badRequest) }
        }
        guard blanks.count == 2 else { return .failure(.badRequest) }
        let version = text(bytes, (blanks[1] + 1)..<line.upperBound)
        guard version == Array("HTTP/1.1".utf8) || version == Array("HTTP/1.0".utf8) else {
            return .failure(version.starts(with: "HTTP/".utf8) ? .versionNotSupported : .badRequest)
        }
        let target = text(bytes, (blanks[0] + 1)..<blanks[1])
        guard target.first == UInt8(ascii: "/"), target.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            return .failure(.badRequest)
        }
        let path = Array(target.prefix { $0 != UInt8(ascii: "?") })
        let method = text(bytes, line.lowerBound..<blanks[0])
        guard !method.isEmpty, method.allSatisfy(isToken) else { return .failure(.badRequest) }
        switch method {
        case Array("GET".utf8): return .success(HTTPRequest(method: .get, path: path))
        case Array("HEAD".utf8): return .success(HTTPRequest(method: .head, path: path))
        default: return .failure(.methodNotAllowed)
        }
    }

    private enum Header {
        case host
        case other
        /// It announces a body.
        case hasBody
        case malformed
    }

    private static func header(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Header {
        guard let colon = line.first(where: { bytes[$0] == UInt8(ascii: ":") }), colon > line.lowerBound else {
            return .malformed
        }
        let name = text(bytes, line.lowerBound..<colon)
        // Folded lines and blanks before the colon are what request smuggling is made of.
        guard name.allSatisfy(isToken) else { return .malformed }
        switch name.map({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }) {
        case Array("host".utf8): return .host
        case Array("transfer-encoding".utf8): return .hasBody
        case Array("content-length".utf8):
            let value = text(bytes, (colon + 1)..<line.upperBound).filter { $0 != UInt8(ascii: " ") }
            return value == [UInt8(ascii: "0")] ? .other : .hasBody
        default: return .other
        }
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        for index in range { text.append(bytes[index]) }
        return text
    }

    /// The characters of a token (RFC 9110, section 5.6.2).
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// The statuses that are answered.
public enum HTTPStatus: Int, Sendable {
    case ok = 200
    case badRequest = 400
    case notFound = 404
    case methodNotAllowed = 405
    case requestTimeout = 408
    case headTooLarge = 431
    case unavailable = 503
    case versionNotSupported = 505

    /// The phrase behind the number.
    public var phrase: String {
        switch self {
        case .ok: "OK"
        case .badRequest: "Bad Request"
        case .notFound: "Not Found"
        case .methodNotAllowed: "Method Not Allowed"
        case .requestTimeout: "Request Timeout"
        case .headTooLarge: "Request Header Fields Too Large"
        case .unavailable: "Service Unavailable"
        case .versionNotSupported: "HTTP Version Not Supported"
        }
    }
}
