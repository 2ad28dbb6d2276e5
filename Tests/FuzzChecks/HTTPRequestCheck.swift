import HealthServer

/// What must hold of any bytes of a request, for the fuzzer and the tests.
public enum HTTPRequestCheck {
    /// Parses the bytes and each beginning of them: nothing traps, a refusal and a complete request stay what they are when
    /// more comes (but for bytes behind a complete one), and what is complete has a path that begins with a slash.
    public static func check(_ bytes: [UInt8]) {
        var refusal: HTTPStatus?
        let bounded = bytes.prefix(HTTPRequest.sizeLimit)
        for length in 0...bounded.count {
            switch HTTPRequest.parse(Array(bounded.prefix(length)).span) {
            case .incomplete: precondition(refusal == nil, "a refused request became incomplete")
            case .complete(let request):
                precondition(refusal == nil, "a refused request became complete")
                precondition(request.path.first == UInt8(ascii: "/"), "a path without a slash")
            case .refused(let status): refusal = refusal ?? status
            }
        }
    }
}
