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

    /// Over the limit the kernel lets whoever sends it a message sleep for the whole time, the event thread and who restores included.
    @Test(arguments: [true, false])
    func `how much may wait is put back when no more waits`(byAnother: Bool) throws {
        let audit = ScriptedAudit()
        audit.state.backlogLimit = 64
        audit.state.backlogWaitTime = 15000
        let source = try audit.source()
        let restoration = try #require(source.restoration)
        #expect(audit.state.backlogWaitTime == 0)
        audit.log = []
        audit.backlogs = [900, 500, 100, 64]
        if byAnother {
            audit.state.pid = .max
            _ = try restoration.apply(audit)
        } else {
            source.stop()
        }
        #expect(!audit.log.contains("asleep"))
        #expect(audit.loaded.isEmpty && audit.backlogs.isEmpty)
        #expect(audit.state.enabled == .off && audit.state.backlogLimit == 64 && audit.state.backlogWaitTime == 15000)
        // What makes events goes first.
        #expect(audit.applied.suffix(2).map(\.isEnabled) == [false, nil])
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

    @Test func `rules of others that were taken out are put back, also by the run after a killed one`() throws {
        let hiding = AuditRule(list: .task, action: .never)
        let rules = [
            hiding,
            AuditRule(
                list: .exclude, action: .always, syscalls: .all,
                fields: [
                    AuditRuleField(.messageType, .equal, 1307), AuditRuleField(.executable, text: Array("/a b".utf8)),
                ],
                keys: [Array("k".utf8)]),
        ]
        let restoration = AuditRestoration(key: "shrike", settings: AuditStatusChange(), rules: rules)
        #expect(AuditRestoration(text: restoration.text) == restoration)
        #expect(restoration.text.utf8.count < 1024)
        let audit = ScriptedAudit()
        _ = try restoration.apply(audit)
        #expect(audit.loaded == rules)
        audit.loaded = []
        var options = AuditSource.Options()
        options.inherited = restoration
        try audit.source(options: options).stop()
        #expect(audit.loaded == rules)
    }

    @Test(arguments: ["z", "zx.", "z9999999.", "0", "gg", "z1040.", ""])
    func `a word that is no rule is none`(word: String) {
        #expect(AuditRule(compactText: word).map { $0.fields.isEmpty } ?? true)
    }

    @Test(arguments: ["", "enabled=0", "key", "key=a b"])
    func `what is no restoration is none`(text: String) { #expect(AuditRestoration(text: text) == nil) }
}
