import EventModel
import Testing

@testable import EventSources

@Suite struct ContainerBeginningsTests {
    private static let cases: [(steps: [(Character, UInt64)], gap: UInt64?)] = [
        ([("w", 5), ("b", 9)], nil),
        ([("b", 9), ("w", 5)], nil),
        ([("w", 9), ("b", 5)], 4),
        ([("b", 5), ("w", 9)], 4),
        ([("b", 5), ("e", 6), ("w", 9)], nil),
        ([("w", 9), ("e", 10), ("b", 5)], nil),
        ([("w", 9)], nil),
        ([("b", 5)], nil),
        // One after the other under one root.
        ([("b", 5), ("w", 9), ("e", 10), ("w", 12), ("b", 13)], 4),
    ]

    /// `w`: watched, `b`: its program began, `e`: over; at that time.
    @Test(arguments: cases.indices)
    func `a program's time before the watch, whichever is heard of first`(_ index: Int) {
        var beginnings = ContainerBeginnings(.audit)
        var arming = ContainerArming()
        for (step, time) in Self.cases[index].steps {
            switch step {
            case "w": _ = beginnings.watched("/c", at: time, &arming)
            case "b": _ = beginnings.began("/c", at: time, &arming)
            default: beginnings.ended("/c")
            }
        }
        #expect(arming.late == (Self.cases[index].gap == nil ? 0 : 1))
        #expect(arming.longestGapNanoseconds == Self.cases[index].gap ?? 0)
    }

    @Test func `containers are apart`() {
        var beginnings = ContainerBeginnings(.audit)
        var arming = ContainerArming()
        #expect(beginnings.watched("/a", at: 9, &arming) == nil)
        #expect(beginnings.began("/b", at: 5, &arming) == nil)
        #expect(beginnings.watched("/b", at: 6, &arming)?.message.contains(" at /b ") == true)
        _ = beginnings.began("/a", at: 7, &arming)
        #expect(arming.late == 2 && arming.longestGapNanoseconds == 2)
    }

    @Test func `the first is told of, and each power of ten`() {
        var late = UnwatchedContainers(.audit)
        let told = (0..<100).compactMap { _ in late.take("at /c", lateByNanoseconds: 35_200_000)?.message }
        #expect(told.count == 3)
        #expect(
            told.first
                == "the files of the container at /c were not watched for the first 35 ms of its program; the eBPF source sees "
                + "those of all containers")
        #expect(told.last?.contains("(100 containers so far)") == true)
    }
}
