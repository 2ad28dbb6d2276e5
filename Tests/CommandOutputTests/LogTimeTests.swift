import CommandOutput
import Testing

@Suite struct LogTimeTests {
    @Test func `the journal notes the time itself`() {
        #expect(LogTime.ofDaemon(usesISO8601: true, journal: "8:1234") == .none)
        #expect(LogTime.ofDaemon(usesISO8601: true, journal: nil) == .iso8601)
        #expect(LogTime.ofDaemon(usesISO8601: false, journal: nil) == .local)
    }

    @Test func `times are Falco's`() {
        #expect(LogTime.none.prefix(at: 1_600_000_001) == "")
        #expect(LogTime.iso8601.prefix(at: 1_600_000_001) == "2020-09-13T12:26:41+0000: ")
        // The zone is the node's; the form is not.
        let local = LogTime.local.prefix(at: 1_600_000_001)
        #expect(local.hasSuffix(" 2020: "))
        #expect(local.contains("Sep 1"))
        #expect(local.count == "Sun Sep 13 12:26:41 2020: ".count)
    }
}
