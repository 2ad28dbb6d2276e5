import Testing

@testable import RuleEngine

@Suite struct FieldComparisonTests {
    typealias Case = OperatorTests.Case

    static let names: [String: TestValue] = ["proc.name": "bash", "proc.pname": "bas", "fd.name": "b*h"]
    static let cases: [Case] = [
        Case("proc.name = val(proc.name)", names, true), Case("proc.name = val(proc.pname)", names, false),
        Case("proc.name != val(proc.pname)", names, true), Case("proc.name startswith val(proc.pname)", names, true),
        Case("proc.name endswith val(proc.pname)", names, false),
        Case("proc.name contains val(proc.pname)", names, true),
        Case("proc.name icontains val(proc.pname)", names, true), Case("proc.name > val(proc.pname)", names, true),
        Case("proc.name <= val(proc.pname)", names, false), Case("proc.name glob val(fd.name)", names, true),
        Case("proc.name in val(proc.name)", names, true), Case("proc.pname in val(proc.name)", names, false),
        Case("proc.name = proc.name", names, false),
        Case("user.uid = val(proc.tty)", ["user.uid": .unsigned(1), "proc.tty": .unsigned(1)], true),
        Case("user.uid < val(proc.tty)", ["user.uid": .unsigned(1), "proc.tty": .unsigned(2)], true),
        Case("evt.rawres > val(fd.num)", ["evt.rawres": .signed(1), "fd.num": .signed(-1)], true),
        Case("fd.sip = val(fd.cip)", ["fd.sip": .address("::1"), "fd.cip": .address("::1")], true),
        Case("fd.sip != val(fd.cip)", ["fd.sip": .address("::1"), "fd.cip": .address("0.0.0.1")], true),
        Case("evt.buffer = val(t.bytes)", ["evt.buffer": .bytes([0]), "t.bytes": .bytes([0])], true),
        Case("t.words in val(t.others)", ["t.words": ["a"], "t.others": ["a", "b"]], true),
        Case("t.words in val(t.others)", ["t.words": ["a", "c"], "t.others": ["a", "b"]], false),
        Case("t.words intersects val(t.others)", ["t.words": ["a", "c"], "t.others": ["a", "b"]], true),
        Case("t.words intersects val(t.others)", ["t.words": ["c"], "t.others": ["a", "b"]], false),
        Case("proc.aname = val(proc.name)", ["proc.aname": ["a", "b"], "proc.name": "b"], true),
        Case("proc.name = val(proc.pname)", ["proc.name": "a"], false),
        Case("proc.name != val(proc.pname)", ["proc.name": "a"], false),
    ]

    @Test(arguments: cases)
    func `a field is compared with another`(_ test: Case) throws {
        #expect(try holds(test.condition, TestEvent("openat", test.values)) == test.expected)
    }
}
