import Testing

@testable import SelfTest

@Suite struct AttackMarkTests {
    private func alert(
        _ tree: String, time: UInt64 = 150, field: String = "x", readWall: UInt64 = 0
    ) throws -> SensedAlert {
        let line = """
            {"rule":"R","source":"syscall","output":"o","output_fields":{"selftest.tree":"\(tree)",\
            "selftest.time":"\(time)","proc.cmdline":"\(field)","fd.num":null}}
            """
        return try #require(
            SensedAlert(line: Array(line.utf8), readNanoseconds: 7, readWallNanoseconds: readWall))
    }

    private let mark = AttackMark(
        process: 500, token: "shrike-selftest-abc", tester: 100, others: [200, 400],
        time: 100...200)

    @Test func `an alert is read from its JSON`() throws {
        let alert = try alert("501 500 100 <NA> <NA>", time: 12)
        #expect(alert.rule == "R")
        #expect(alert.output == "o")
        #expect(!alert.isInternal)
        #expect(alert.processes == [501, 500, 100])
        #expect(alert.timeNanoseconds == 12)
        #expect(alert.fieldTexts == ["x", "null"])
        for line in ["Events detected: 1", #"{"output":"without a rule"}"#] {
            #expect(SensedAlert(line: Array(line.utf8), readNanoseconds: 0, readWallNanoseconds: 0) == nil)
        }
    }

    @Test(
        arguments: [
            (7_000_000, 12_999_999, 5), (7_000_000, 7_000_000, 0), (7_000_000, 6_000_000, 0), (0, 12_000_000, nil),
        ] as [(UInt64, UInt64, UInt64?)])
    func `how long the alert took counts from its event`(time: UInt64, readWall: UInt64, milliseconds: UInt64?) throws {
        #expect(try alert("1", time: time, readWall: readWall).delayMilliseconds == milliseconds)
    }

    @Test(
        arguments: [
            ("500", 150, "x", true),
            ("600 500 100", 900, "x", true),
            ("600 1", 150, "x", false),
            ("600 1", 150, "runc run shrike-selftest-abc", true),
            ("600 100", 150, "x", true),
            ("600 100", 201, "x", false),
            ("100 1", 150, "x", false),
            ("201 200 100", 150, "x", false),
            ("401 400 100", 150, "x", false),
            ("500 400 100", 150, "x", true),
            ("", 150, "x", false),
        ] as [(String, UInt64, String, Bool)])
    func `the attack's processes, its word, and what it left behind make an alert its own`(
        tree: String, time: UInt64, field: String, isOwn: Bool
    ) throws {
        #expect(mark.isOf(try alert(tree, time: time, field: field)) == isOwn)
    }

    /// The processes of an alert, its time, and whether it may be the attack's though nothing says so.
    @Test(
        arguments: [
            ("<NA> <NA>", 150, true), ("900 1", 150, true), ("900 1", 201, false), ("900 400 1", 150, false),
            ("501 500 100", 150, false),
        ] as [(String, UInt64, Bool)])
    func `an alert of nobody who is known and of the attack's time is a stray`(
        processes: String, time: UInt64, isStray: Bool
    ) throws {
        #expect(mark.isStray(try alert(processes, time: time)) == isStray)
    }
}
