import Testing

@testable import EventSources

@Suite struct AuditRuleTests {
    private static let rule = AuditRule(
        syscalls: SyscallMask([2, 257, 437]),
        fields: [
            AuditRuleField(.architecture, .equal, 0xc000_003e), AuditRuleField(.argument(2), .anyBit, 3),
            AuditRuleField(.permission, .equal, 2), AuditRuleField(.directory, text: Array("/etc".utf8)),
        ], keys: [Array("shrike".utf8), Array("x".utf8)]
    )

    @Test func `a rule is laid out as the kernel's structure`() throws {
        let bytes = Self.rule.encoded(prepend: true)
        func word(_ offset: Int) -> UInt32? { bytes.span.hostInteger(at: offset, as: UInt32.self) }
        #expect(bytes.count == 1040 + 4 + 8)
        // flags: AUDIT_FILTER_EXIT | AUDIT_FILTER_PREPEND; action AUDIT_ALWAYS; five fields with the key.
        #expect([word(0), word(4), word(8)] == [0x14, 2, 5])
        #expect(word(12) == 1 << 2)
        #expect(word(12 + 4 * (257 / 32)) == 1 << UInt32(257 % 32))
        // fields, values, fieldflags of AUDIT_DIR (107): the value is the text's length.
        #expect([word(268 + 12), word(524 + 12), word(780 + 12)] == [107, 4, 0x4000_0000])
        #expect(word(1036) == 12)
        #expect(Array(bytes.suffix(12)) == Array("/etcshrike\u{1}x".utf8))
    }

    @Test func `a rule that was written is read the same`() {
        #expect(AuditRule(Self.rule.encoded().span) == Self.rule)
        #expect(AuditRule(Self.rule.encoded(prepend: true).span) == Self.rule)
    }

    @Test func `a rule reads as auditctl would be given it`() {
        #expect(
            Self.rule.description
                == "-a always,exit -F arch=0xc000003e -S 2,257,437 -F a2&0x3 -F perm=w -F dir=/etc -k shrike -k x"
        )
    }

    @Test func `cut and lying bytes are no rule, and no trap`() {
        let bytes = Self.rule.encoded()
        for count in stride(from: 0, to: bytes.count, by: 7) { _ = AuditRule(Array(bytes.prefix(count)).span) }
        for offset in stride(from: 0, to: bytes.count - 4, by: 4) {
            var broken = bytes
            for index in 0..<4 { broken[offset + index] = 0xff }
            _ = AuditRule(broken.span)
        }
        #expect(AuditRule(Array(bytes.prefix(1039)).span) == nil)
    }

    @Test func `all calls is what the kernel gives back for all calls`() {
        // The top 16 bits are classes, which the kernel clears.
        #expect(SyscallMask.all.contains(2031))
        #expect(!SyscallMask.all.contains(2032))
        var mask = SyscallMask()
        #expect(!mask.insert(2040) && !mask.insert(-1) && !mask.insert(0x4000_0001))
        #expect(mask.isEmpty)
    }

    @Test(arguments: [31, 32, 40, 44, 64])
    func `a status of any size that kernels have had is read`(size: Int) {
        var words: [UInt32] = [0, 1, 1, 77, 0, 64, 3, 2, 0x7f, 15000, 9]
        words += [5, 5, 5, 5, 5]
        let bytes = words.flatMap { word in withUnsafeBytes(of: word) { Array($0) } }
        let status = AuditStatus(Array(bytes.prefix(size)).span)
        #expect((status == nil) == (size < 32))
        guard let status else { return }
        #expect(status.pid == 77 && status.lost == 3 && status.enabled == .on)
        #expect(status.backlogWaitTime == (size >= 40 ? 15000 : 0))
        #expect(status.backlogWaitTimeActual == (size >= 44 ? 9 : 0))
    }

    @Test func `only what changes is written`() {
        let bytes = AuditStatusChange(isEnabled: true, backlogWaitTime: 0).encoded
        #expect(bytes.count == 40)
        #expect(bytes.span.hostInteger(at: 0, as: UInt32.self) == 0x21)
    }
}
