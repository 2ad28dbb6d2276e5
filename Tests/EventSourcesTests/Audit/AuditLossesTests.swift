import Testing

@testable import EventSources

struct AuditLossesTests {
    @Test("losses are told at once, and what follows with the next time, none of them twice or never") func folds() {
        var losses = AuditLosses()
        let second: UInt64 = 1_000_000_000
        #expect(losses.take(nowNanoseconds: 0) == nil)
        losses.add(86)
        #expect(losses.take(nowNanoseconds: second) == 86)
        losses.add(1)
        #expect(losses.take(nowNanoseconds: 2 * second) == nil)
        losses.add(2)
        #expect(losses.take(nowNanoseconds: second + AuditLosses.interval) == 3)
        #expect(losses.take(nowNanoseconds: 60 * second) == nil)
        losses.add(4)
        #expect(losses.take(nowNanoseconds: 61 * second) == 4)
        losses.add(5)
        #expect(losses.take(nowNanoseconds: 62 * second, isEnd: true) == 5)
    }
}
