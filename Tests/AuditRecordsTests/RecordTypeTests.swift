import EventModel
import Testing

@testable import AuditRecords

@Suite struct RecordTypeTests {
    @Test(
        arguments: [
            ("SYSCALL", 1300), ("PATH", 1302), ("CONFIG_CHANGE", 1305), ("EXECVE", 1309), ("EOE", 1320),
            ("PROCTITLE", 1327), ("BPF", 1334), ("URINGOP", 1336), ("OPENAT2", 1337), ("DAEMON_END", 1201),
            ("ANOM_ABEND", 1701), ("USER_LOGIN", 1112), ("AVC", 1400), ("VIRT_MIGRATE_OUT", 2507),
            ("UNKNOWN[1334]", 1334), ("UNKNOWN[4000]", 4000), ("1300", 1300),
        ] as [(String, UInt16)])
    func `names and numbers`(_ name: String, _ number: UInt16) {
        #expect(RecordType(name: name)?.rawValue == number)
    }

    @Test func `every known number's name leads back to it`() {
        for number in UInt16.min...3000 {
            let type = RecordType(rawValue: number)
            #expect(RecordType(name: type.name) == type)
        }
    }

    @Test(arguments: ["", "SYSCAL", "UNKNOWN[", "UNKNOWN[]", "UNKNOWN[x]", "UNKNOWN[99999999]", "70000", "13x"])
    func `what names no type`(_ name: String) {
        #expect(RecordType(name: name) == nil)
    }
}

@Suite struct EventIDTests {
    @Test(
        arguments: [
            ("audit(1626611363.720:348501): x", 1_626_611_363_720_000_000, 348_501),
            ("audit(0.000:0):", 0, 0),
            ("audit(1795492211.5:4294967295): ", 1_795_492_211_500_000_000, UInt32.max),
            ("audit(9999999999.999999999:1): ", 9_999_999_999_999_999_999, 1),
        ] as [(String, UInt64, UInt32)])
    func `time and serial`(_ text: String, _ time: UInt64, _ serial: UInt32) {
        let bytes = Array(text.utf8)
        var offset = 0
        let id = EventID(bytes.span, &offset)
        #expect(id?.time == time)
        #expect(id?.serial == serial)
        #expect(bytes[offset &- 1] == 0x3a)
    }

    @Test(arguments: [
        "", "audit", "audit(", "audit(1.1:4294967296): ", "audit(1:1): ", "audit(.1:1): ", "audit(1.:1): ",
        "audit(1.1:): ", "audit(1.1:1)", "audit(12345678901.1:1):", "audit(1.1234567890:1):", "audit(-1.1:1):",
        " audit(1.1:1):",
    ])
    func `what is no header`(_ text: String) {
        let bytes = Array(text.utf8)
        var offset = 0
        let value1 = EventID(bytes.span, &offset)
        #expect(value1 == nil)
        #expect(offset == 0)
    }

    @Test func `hashes of consecutive serials differ and are never 0`() {
        var seen: Set<UInt64> = []
        for serial in 0..<UInt32(10_000) {
            let hash = EventID(time: 1_700_000_000_000_000_000, serial: serial).hash
            #expect(hash != 0)
            seen.insert(hash)
        }
        #expect(seen.count > 9_990)
    }
}

@Suite struct LinePrefixTests {
    @Test(
        arguments: [
            ("type=SYSCALL msg=audit(1.1:1): x", 1300, ""),
            ("node=web-1 type=PATH msg=audit(1.1:1): x", 1302, "web-1"),
            ("type=UNKNOWN[1337] msg=audit(1.1:1): x", 1337, ""),
            ("type=1300 audit(1.1:1): x", 1300, ""),
        ] as [(String, UInt16, String)])
    func `lines of each origin`(_ line: String, _ type: UInt16, _ node: String) {
        let bytes = Array(line.utf8)
        let prefix = LinePrefix.first(in: bytes.span, .shared)
        #expect(prefix?.type.rawValue == type)
        #expect(prefix.map { String(decoding: bytes[$0.node], as: UTF8.self) } == node)
        #expect(prefix.map { String(decoding: bytes[$0.end...].prefix(6), as: UTF8.self) } == "audit(")
    }

    @Test(arguments: ["", "x", "type=", "type=NOPE msg=audit(1.1:1): ", "node= ", "node=a", "msg=audit(1.1:1): "])
    func `lines that are no records`(_ line: String) {
        let bytes = Array(line.utf8)
        let value2 = LinePrefix.first(in: bytes.span, .shared)
        #expect(value2 == nil)
    }
}

@Suite struct TerminalTests {
    @Test(
        arguments: [
            ("(none)", 0), ("pts0", 0x8800), ("pts/3", 0x8803), ("pts300", 0x10882c), ("tty1", 0x401), ("tty", 0x500),
            ("ttyS0", 0x440), ("console", 0x501), ("hvc0", 0xe500), ("ttyUSB1", 0xbc01),
        ] as [(String, UInt32)])
    func `device numbers`(_ name: String, _ device: UInt32) {
        let bytes = Array(name.utf8)
        let value3 = Terminal.deviceNumber(bytes.span, 0..<bytes.count)
        #expect(value3 == device)
    }

    @Test(arguments: ["", "?", "pts", "ptsx", "ssh", "tty9999999999"])
    func `names that are no terminal`(_ name: String) {
        let bytes = Array(name.utf8)
        let value4 = Terminal.deviceNumber(bytes.span, 0..<bytes.count)
        #expect(value4 == nil)
    }
}
