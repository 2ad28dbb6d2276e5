import Testing

@testable import Detection

@Suite struct RuleMeterTests {
    /// Stands still; its time is what the distances begin from.
    @Sendable private static func clock() -> UInt64 { 0x9e37_79b9_7f4a_7c15 }

    @Test func `one in 1024 events is measured, at distances that vary`() {
        var meter = RuleMeter(["R"], clock: Self.clock)
        var distances: [Int] = []
        var last = 0
        for index in 1...1_000_000 where meter.isDue {
            distances.append(index - last)
            last = index
            meter.skip()
        }
        // 977 are expected; the standard deviation is 18.
        #expect((860...1100).contains(distances.count), "\(distances.count)")
        #expect(Set(distances).count > distances.count / 2)
        #expect(distances.allSatisfy { (1..<2048).contains($0) })
    }

    @Test func `a reload keeps what was counted of rules that are still there`() {
        var old = RuleCostEstimate()
        old.rules = ["Kept": .init(nanoseconds: 7, evaluations: 3), "Gone": .init(nanoseconds: 9, evaluations: 1)]
        (old.selectionNanoseconds, old.sampledEvents) = (11, 2)
        var meter = RuleMeter(["New", "Kept"], clock: Self.clock)
        meter.goOn(from: old)
        var expected = old
        expected.rules = ["New": .init(), "Kept": .init(nanoseconds: 7, evaluations: 3)]
        #expect(meter.estimate == expected)
    }

    @Test func `without a clock nothing is measured`() {
        var meter = RuleMeter(["R"], clock: nil)
        #expect(!(1...10_000).contains { _ in meter.isDue })
        #expect(meter.estimate.sampledEvents == 0)
    }
}
