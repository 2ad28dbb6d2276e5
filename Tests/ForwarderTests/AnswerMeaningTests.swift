import Testing

@testable import Forwarder
@testable import ForwarderProtocol

@Suite struct AnswerMeaningTests {
    @Test(arguments: [200, 201, 202, 204, 299])
    func `success`(status: Int) { #expect(AnswerMeaning(status: status) == .taken) }

    @Test(arguments: [400, 406, 409, 411, 413, 414, 415, 422, 431])
    func `what speaks of the alert refuses it`(status: Int) { #expect(AnswerMeaning(status: status) == .refused) }

    @Test(arguments: [
        0, 100, 301, 302, 308, 401, 402, 403, 404, 405, 407, 408, 410, 421, 423, 425, 429, 451, 495, 496, 500, 502, 503,
    ])
    func `what somebody mends, or what passes, keeps it`(status: Int) {
        guard case .later = AnswerMeaning(status: status) else {
            Issue.record("\(AnswerMeaning(status: status))")
            return
        }
    }

    @Test(arguments: ["The SSL certificate error", "No required SSL certificate was sent"])
    func `nginx's 400 for a client certificate keeps it, too`(title: String) {
        let page = Array("<html><head><title>400 \(title)</title></head>".utf8)
        #expect(AnswerMeaning(status: 400, answer: page) == .later(hint: "check the client certificate"))
        #expect(AnswerMeaning(status: 400, answer: Array("bad".utf8)) == .refused)
    }
}
