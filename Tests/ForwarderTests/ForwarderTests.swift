import EventModel
import Outputs
import Spool
import Testing

@testable import Forwarder
@testable import ForwarderProtocol

@Suite struct ForwarderTests {
    @Test func `a plan comes back as it was`() {
        var webhook = WebhookSettings(url: "https://a/")
        webhook.shape = .otlp
        webhook.headers = [.init(name: "X-A", value: "b")]
        webhook.isCompressed = true
        webhook.httpVersion = .http1
        var first = NetworkOutput(name: "é", kind: .webhook(webhook))
        first.filter.minimumPriority = .error
        first.filter.rules = ["a*", ""]
        first.filter.tags = ["t"]
        first.connection.timeoutMilliseconds = -1
        first.connection.keyFile = "/k"
        var syslog = SyslogSettings(transport: .tls, host: "::1", port: 7)
        syslog.facility = .local3
        syslog.isJSON = false
        syslog.maximumBytes = 999
        let second = NetworkOutput(name: "s", kind: .syslog(syslog))
        let plan = ForwarderPlan(
            parent: 7, spoolPath: "/s", format: AlertFormat(), outputs: [first, second, first])
        let bytes = plan.encoded()
        #expect(ForwarderPlan(bytes) == plan)
        for length in 0..<bytes.count { #expect(ForwarderPlan(Array(bytes[..<length])) == nil) }
    }

    @Test(arguments: [
        ("Shell in container", "Shell *", true), ("Shell", "Shell", true), ("Shells", "Shell", false),
        ("abcabc", "*abc", true), ("abcab", "*abc", false), ("", "*", true), ("a", "", false), ("aXbXc", "a*b*c", true),
    ])
    func `rules are chosen by wildcards`(text: String, pattern: String, isMatch: Bool) {
        #expect(Wildcard.matches(Array(text.utf8), Array(pattern.utf8)) == isMatch)
    }

    @Test func `a filter chooses among rules' alerts and lets Shrike's own pass`() {
        var filter = AlertFilter()
        filter.minimumPriority = .warning
        filter.rules = ["Shell*"]
        filter.tags = ["process"]
        #expect(filter.wants(priority: .error, rule: "Shell x", tags: ["process"], source: "syscall"))
        #expect(!filter.wants(priority: .notice, rule: "Shell x", tags: ["process"], source: "syscall"))
        #expect(!filter.wants(priority: .error, rule: "Other", tags: ["process"], source: "syscall"))
        #expect(!filter.wants(priority: .error, rule: "Shell x", tags: ["file"], source: "syscall"))
        #expect(filter.wants(priority: .error, rule: "Shrike internal: alerts lost", tags: [], source: "internal"))
        #expect(!filter.wants(priority: .notice, rule: "Shrike internal: x", tags: [], source: "internal"))
    }

    @Test func `waits grow to a minute and keep to what the receiver asked for`() {
        var backoff = Backoff()
        var random = SystemRandomNumberGenerator()
        for bound: UInt64 in [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000] {
            let wait = backoff.next(retryAfterSeconds: 0, using: &random)
            #expect((bound / 2...bound).contains(wait))
        }
        for _ in 0..<100 { _ = backoff.next(retryAfterSeconds: 0, using: &random) }
        backoff.reset()
        #expect((7000...7125).contains(backoff.next(retryAfterSeconds: 7, using: &random)))
        #expect(backoff.next(retryAfterSeconds: .max, using: &random) <= 3_600_000 + 250)
        #expect(backoff.next(retryAfterSeconds: .min, using: &random) <= 2000)
    }

    @Test func `reports survive the pipe and can't carry control characters`() {
        let report = ForwarderReport(kind: .rejected, output: "a\tb", count: 3, text: "x\u{1b}[31m\ny\u{9b}")
        #expect(report.output == "a b" && report.text == "x [31m y ")
        #expect(ForwarderReport(line: report.line.dropLast()) == report)
        for text in ["", "rejected", "rejected\ta\t-1\tx", "what\ta\t1\tx", "\t\t\t\t"] {
            #expect(ForwarderReport(line: text.utf8) == nil)
        }
    }

    @Test func `a token is one line without blanks`() {
        #expect(Credentials.token(Array("abc.d-e\r\nX: y\n".utf8)) == "abc.d-eX:y")
    }

    @Test(arguments: [
        (400, "{\"error\": \"bad alert\"}", false), (413, "", false), (422, "", false), (401, "", true),
        (403, "no", true),
        (404, "", true), (407, "", true), (496, "", true),
        (400, "<html><head><title>400 The SSL certificate error</title></head>", true),
        (400, "<center>No required SSL certificate was sent</center>", true),
        (413, "The SSL certificate error", false),
    ])
    func `what is the sender's fault is told from what is the alert's`(status: Int, answer: String, isSender: Bool) {
        #expect((AnswerMeaning(status: status, answer: Array(answer.utf8)) != .refused) == isSender)
    }
}
