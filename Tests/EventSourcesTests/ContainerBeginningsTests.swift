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
        var beginnings = ContainerBeginnings()
        var gaps: [UInt64] = []
        for (step, time) in Self.cases[index].steps {
            switch step {
            case "w": if let gap = beginnings.watched("/c", at: time) { gaps.append(gap) }
            case "b": if let gap = beginnings.began("/c", at: time) { gaps.append(gap) }
            default: beginnings.ended("/c")
            }
        }
        #expect(gaps == [Self.cases[index].gap].compactMap(\.self))
    }

    @Test func `containers are apart`() {
        var beginnings = ContainerBeginnings()
        #expect(beginnings.watched("/a", at: 9) == nil)
        #expect(beginnings.began("/b", at: 5) == nil)
        #expect(beginnings.watched("/b", at: 6) == 1)
        #expect(beginnings.began("/a", at: 8) == 1)
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
