import Testing

@testable import EventSources

@Suite struct AuditRestorationTests {
    @Test func `what a killed run left is put back, and what others have is not touched`() throws {
        let audit = ScriptedAudit()
        audit.state.backlogLimit = 64
        audit.state.backlogWaitTime = 15000
        let source = try audit.source()
        let restoration = try #require(source.restoration)
        let foreign = AuditRule(syscalls: .all, keys: [Array("other".utf8)])
        audit.loaded.append(foreign)
        // The owner that was killed; nobody has this process id.
        audit.state.pid = .max
        let copy = try #require(AuditRestoration(text: restoration.text))
        #expect(copy == restoration)
        #expect(try copy.apply(audit) > 0)
        #expect(audit.loaded == [foreign])
        #expect(audit.state.enabled == .off && audit.state.backlogLimit == 64 && audit.state.backlogWaitTime == 15000)
    }

    @Test func `where somebody owns audit the settings are left to that one`() throws {
        let audit = ScriptedAudit()
        audit.state.enabled = .on
        audit.state.pid = 1
        audit.state.backlogLimit = 8192
        let restoration = try #require(AuditRestoration(text: "key=shrike enabled=0 backlog_limit=64"))
        _ = try restoration.apply(audit)
        #expect(audit.state.enabled == .on && audit.state.backlogLimit == 8192)
    }

    @Test func `a run after a killed one puts back what was before both`() throws {
        let audit = ScriptedAudit()
        audit.state.backlogLimit = 64
        let killed = try audit.source()
        var options = AuditSource.Options()
        options.inherited = killed.restoration
        audit.state.pid = 0
        let second = try audit.source(options: options)
        second.stop()
        #expect(audit.loaded.isEmpty)
        #expect(audit.state.enabled == .off && audit.state.backlogLimit == 64)
        withExtendedLifetime(killed) {}
    }

    @Test(arguments: ["", "enabled=0", "key", "key=a b"])
    func `what is no restoration is none`(text: String) { #expect(AuditRestoration(text: text) == nil) }
}
