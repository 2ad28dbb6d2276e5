import EventModel
import Testing

@testable import AuditRecords

@Suite struct FieldCursorTests {
    struct TextCase: Sendable, CustomTestStringConvertible {
        var value: String
        /// Nil when the value is absent.
        var expected: [UInt8]?
        var testDescription: String { value }

        init(_ value: String, _ expected: String?) {
            self.value = value
            self.expected = expected.map { Array($0.utf8) }
        }
        init(_ value: String, bytes: [UInt8]) {
            self.value = value
            expected = bytes
        }
    }

    @Test(arguments: [
        TextCase("\"/bin/sh\"", "/bin/sh"),
        TextCase("\"\"", ""),
        TextCase("\"(null)\"", "(null)"),
        TextCase("(null)", nil),
        TextCase("6162", "ab"),
        TextCase("\"6162\"", "6162"),
        TextCase("612062", "a b"),
        TextCase("6e65770a6C696E65", "new\nline"),
        TextCase("FFFE80", bytes: [0xff, 0xfe, 0x80]),
        TextCase("00616263", bytes: [0, 0x61, 0x62, 0x63]),
        TextCase("677320", bytes: [0x67, 0x73, 0x20]),
        TextCase("?", "?"),
        TextCase("(none)", "(none)"),
        TextCase("616", "616"),
        TextCase("61zz", "61zz"),
        TextCase("", ""),
        TextCase("\"unended", "unended"),
    ])
    func `text in each form the kernel writes`(_ c: TextCase) {
        let text = Array("comm=\(c.value) exe=\"next\"".utf8)
        var cursor = FieldCursor(at: 0)
        var bytes: [UInt8] = [0x78]
        let value1 = cursor.nextName(text.span)
        #expect(value1)
        #expect(cursor.name == FieldName.comm)
        let range = cursor.text(text.span, into: &bytes)
        #expect(range.isPresent == (c.expected != nil))
        if !c.value.hasPrefix("\"unended") {
            #expect(Array(bytes[range.range]) == c.expected ?? [])
            let value2 = cursor.nextName(text.span)
            #expect(value2)
            #expect(cursor.name == FieldName.exe)
        }
        #expect(bytes.first == 0x78)
    }

    @Test func `the field's name says whether digits are text or a number`() {
        let text = Array("comm=6162 exit=6162".utf8)
        var cursor = FieldCursor(at: 0)
        var bytes: [UInt8] = []
        let value3 = cursor.nextName(text.span)
        #expect(value3)
        _ = cursor.text(text.span, into: &bytes)
        #expect(bytes == Array("ab".utf8))
        let value4 = cursor.nextName(text.span)
        #expect(value4)
        let value5 = cursor.signedDecimal(text.span)
        #expect(value5 == 6162)
    }

    @Test(arguments: [0x1d, 0x20, 0x0a, 0x0d, 0x00] as [UInt8])
    func `a byte below 0x21 ends a value`(_ byte: UInt8) {
        let text = Array("pid=12".utf8) + [byte] + Array("PID=\"x\"".utf8)
        var cursor = FieldCursor(at: 0)
        let value6 = cursor.nextName(text.span)
        #expect(value6)
        let value7 = cursor.decimal(text.span)
        #expect(value7 == 12)
        let value8 = cursor.nextName(text.span)
        #expect(value8 == (byte != 0x1d))
    }

    @Test func `the half that auditd appends is not read`() {
        var text = Array("uid=0".utf8)
        text.append(0x1d)
        text += Array("UID=\"root\" pid=7".utf8)
        var cursor = FieldCursor(at: 0)
        let value9 = cursor.nextName(text.span)
        #expect(value9)
        cursor.skipValue(text.span)
        let value10 = cursor.nextName(text.span)
        #expect(!value10)
        let value11 = cursor.nextName(text.span)
        #expect(!value11)
    }

    @Test func `words without a value and quoted spaces are skipped`() {
        let text = Array("avc: denied { read } for x=\"a b=1 c\" pid=3".utf8)
        var cursor = FieldCursor(at: 0)
        let value12 = cursor.nextName(text.span)
        #expect(value12)
        cursor.skipValue(text.span)
        let value13 = cursor.nextName(text.span)
        #expect(value13)
        #expect(cursor.name == FieldName.pid)
        let value14 = cursor.decimal(text.span)
        #expect(value14 == 3)
    }

    @Test(
        arguments: [
            ("0", 0), ("4294967295", 4_294_967_295), ("18446744073709551615", UInt64.max),
            ("18446744073709551616", nil), ("99999999999999999999999", nil), ("", nil), ("12a", nil), ("-1", nil),
            ("\"1\"", nil),
        ] as [(String, UInt64?)])
    func `decimal numbers up to 64 bits`(_ value: String, _ expected: UInt64?) {
        let text = Array("\(value) pid=1".utf8)
        var cursor = FieldCursor(at: 0)
        let value15 = cursor.decimal(text.span)
        #expect(value15 == expected)
        let value16 = cursor.nextName(text.span)
        #expect(value16)
        #expect(cursor.name == FieldName.pid)
    }

    @Test(
        arguments: [
            ("-115", -115), ("0", 0), ("9223372036854775807", Int64.max), ("9223372036854775808", nil), ("-", nil),
            ("--1", nil), ("-9223372036854775808", nil),
        ] as [(String, Int64?)])
    func `signed numbers`(_ value: String, _ expected: Int64?) {
        let text = Array(value.utf8)
        var cursor = FieldCursor(at: 0)
        let value17 = cursor.signedDecimal(text.span)
        #expect(value17 == expected)
    }

    @Test(
        arguments: [
            ("c000003e", 0xc000_003e), ("ffffffffffffff9c", 0xffff_ffff_ffff_ff9c), ("0xc", 12), ("0", 0), ("0x", nil),
            ("fffffffffffffffff", nil), ("1g", nil), ("", nil),
        ] as [(String, UInt64?)])
    func `hexadecimal numbers`(_ value: String, _ expected: UInt64?) {
        let text = Array(value.utf8)
        var cursor = FieldCursor(at: 0)
        let value18 = cursor.hexadecimal(text.span)
        #expect(value18 == expected)
    }

    @Test(
        arguments: [("0100755", 0o100755), ("02000000", 0o2000000), ("00", 0), ("8", nil), ("", nil)]
            as [(String, UInt64?)])
    func `octal numbers`(_ value: String, _ expected: UInt64?) {
        let text = Array(value.utf8)
        var cursor = FieldCursor(at: 0)
        let value19 = cursor.octal(text.span)
        #expect(value19 == expected)
    }

    @Test(
        arguments: [
            ("fe:00", 0xfe, 0), ("00:1a", 0, 0x1a), ("103:05", 0x103, 5), ("fe", nil, nil), (":", nil, nil),
            ("1:123456789", nil, nil),
        ] as [(String, UInt32?, UInt32?)])
    func `devices`(_ value: String, _ major: UInt32?, _ minor: UInt32?) {
        let text = Array(value.utf8)
        var cursor = FieldCursor(at: 0)
        let device = cursor.device(text.span)
        #expect(device?.major == major)
        #expect(device?.minor == minor)
    }
}

@Suite struct FieldNameTests {
    @Test(arguments: [
        ("arch", FieldName.arch), ("syscall", FieldName.syscall), ("success", FieldName.success),
        ("exit", FieldName.exit), ("a0", FieldName.a0), ("a1", FieldName.a1), ("a2", FieldName.a2),
        ("a3", FieldName.a3), ("a4", FieldName.a4), ("a5", FieldName.a5), ("items", FieldName.items),
        ("ppid", FieldName.ppid), ("pid", FieldName.pid), ("auid", FieldName.auid), ("uid", FieldName.uid),
        ("gid", FieldName.gid), ("euid", FieldName.euid), ("egid", FieldName.egid), ("tty", FieldName.tty),
        ("ses", FieldName.ses), ("comm", FieldName.comm), ("exe", FieldName.exe), ("item", FieldName.item),
        ("name", FieldName.name), ("inode", FieldName.inode), ("dev", FieldName.dev), ("mode", FieldName.mode),
        ("ouid", FieldName.ouid), ("nametype", FieldName.nametype), ("cwd", FieldName.cwd), ("argc", FieldName.argc),
        ("saddr", FieldName.saddr), ("fd0", FieldName.fd0), ("fd1", FieldName.fd1), ("fd", FieldName.fd),
        ("proctitle", FieldName.proctitle), ("oflag", FieldName.oflag), ("resolve", FieldName.resolve),
        ("pp", FieldName.pp), ("pi", FieldName.pi), ("pe", FieldName.pe), ("cap_pi", FieldName.capPI),
        ("cap_pp", FieldName.capPP), ("cap_pe", FieldName.capPE), ("uring_op", FieldName.uringOp),
        ("op", FieldName.op), ("key", FieldName.key), ("objtype", FieldName.objtype),
        ("ip", FieldName.ip), ("code", FieldName.code),
        ("AUID", FieldName.enrichedAUID), ("EUID", FieldName.enrichedEUID), ("EGID", FieldName.enrichedEGID),
        ("SYSCALL", FieldName.enrichedSyscall),
    ])
    func `packed names`(_ name: String, _ packed: UInt64) {
        #expect(name.utf8.reduce(0) { FieldName.packing($0, $1) } == packed)
    }

    @Test func `a longer name with the same end is another name`() {
        let text = Array("xxproctitle=1 obj_nametype=2".utf8)
        var cursor = FieldCursor(at: 0)
        let value20 = cursor.nextName(text.span)
        #expect(value20)
        #expect(cursor.name != FieldName.proctitle)
        cursor.skipValue(text.span)
        let value21 = cursor.nextName(text.span)
        #expect(value21)
        #expect(cursor.name != FieldName.nametype)
    }
}
