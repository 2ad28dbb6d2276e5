import Configuration
import EventModel
import Outputs
import Testing

@testable import Bench
@testable import Spool

@Suite struct LatencyHistogramTests {
    @Test(arguments: [1, 31, 32, 63, 64, 65, 1_000, 999_999, 1 << 40, UInt64.max] as [UInt64])
    func `a single time is its own quantile`(time: UInt64) {
        var histogram = LatencyHistogram()
        histogram.add(time)
        for part in [0, 0.5, 1] { #expect(histogram.quantile(part) == time) }
        #expect(histogram.longest == time && histogram.count == 1)
    }

    @Test func `quantiles are at most a 32nd above those of the sorted times`() throws {
        var histogram = LatencyHistogram()
        var state: UInt64 = 7
        // Times from nanoseconds to seconds, all magnitudes alike.
        let times = (0..<5_000).map { _ -> UInt64 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 34) >> (state >> 28 & 0x1f)
        }
        for time in times { histogram.add(time) }
        let sorted = times.sorted()
        for part in [0.01, 0.5, 0.9, 0.99, 1] {
            let exact = sorted[max(1, Int((Double(times.count) * part).rounded(.up))) - 1]
            let found = try #require(histogram.quantile(part))
            #expect(found >= exact && found <= exact + exact / 32, "\(part): \(found) for \(exact)")
        }
    }

    @Test func `nothing has no quantile`() { #expect(LatencyHistogram().quantile(0.5) == nil) }
}

@Suite struct AlertBenchTallyTests {
    private func progress(_ output: String, _ position: Int64, _ delivered: Int64, _ rejected: Int64 = 0)
        -> OutputProgress
    { OutputProgress(output: output, position: position, delivered: delivered, rejected: rejected) }

    @Test func `times are from the making to the commit and to the delivery`() {
        var tally = AlertBenchTally(outputs: ["a", "b"], now: 0)
        for time: UInt64 in [100, 200, 300] { tally.make(now: time) }
        tally.commit(waiting: 1, now: 1_000)
        #expect(tally.accepted == 2 && tally.acceptance.count == 2 && tally.acceptance.longest == 900)
        tally.commit(waiting: 0, now: 1_100)
        #expect(tally.accepted == 3 && tally.acceptance.longest == 900)
        tally.note(progress("a", 2, 2), now: 5_000)
        #expect(tally.outputs.map(\.latency.count) == [2, 0] && tally.outputs[0].latency.longest == 4_900)
        #expect(tally.outputs.map { tally.waiting($0) } == [1, 3])
        #expect(!tally.isDone)
        tally.note(progress("a", 3, 2, 1), now: 6_000)
        tally.note(progress("b", 3, 3), now: 7_000)
        #expect(tally.isDone && tally.lastMove == 7_000)
        #expect(tally.outputs[0].refused == 1 && tally.outputs[0].latency.count == 2)
    }

    @Test func `a loss ends the measurement but not the count`() {
        var tally = AlertBenchTally(outputs: ["a"], now: 0)
        for _ in 0..<10 { tally.make(now: 1) }
        tally.lose(4)
        tally.commit(waiting: 0, now: 2)
        tally.note(progress("a", 6, 6), now: 3)
        #expect(tally.lost == 4 && tally.outputs[0].delivered == 6)
        #expect(tally.outputs[0].latency.count == 0 && tally.waiting(tally.outputs[0]) == 0)
    }

    @Test func `alerts that everyone is done with are forgotten and the rest is still measured`() {
        var tally = AlertBenchTally(outputs: ["a"], now: 0)
        for number: UInt64 in 1...100_000 { tally.make(now: number) }
        tally.commit(waiting: 0, now: 100_000)
        tally.note(progress("a", 99_999, 99_999), now: 100_000)
        tally.make(now: 200_000)
        tally.commit(waiting: 0, now: 200_050)
        tally.note(progress("a", 100_001, 100_001), now: 300_000)
        #expect(tally.outputs[0].latency.count == 100_001 && tally.outputs[0].latency.longest == 200_000)
    }
}

@Suite struct SyntheticAlertTests {
    @Test(arguments: [0, 800, 5_000])
    func `an alert says everywhere that it is synthetic, and has the size asked for`(size: Int) {
        var options = AlertBenchOptions(configuration: Configuration(), rate: 1, count: 999)
        (options.rule, options.tags, options.size) = ("Shell", ["process"], size)
        let alert = SyntheticAlert(options, run: "ab").make(999, timeNanoseconds: 0)
        #expect(alert.rule == "Shell (synthetic)" && alert.tags == ["process", "synthetic"])
        #expect(String(decoding: alert.message, as: UTF8.self).hasPrefix("Synthetic alert 999 of 999"))
        #expect(alert.fields.contains { $0.key == "shrike.synthetic" && $0.value == .bool(true) })
        var format = AlertFormat()
        format.isJSON = true
        var writer = AlertWriter(format: format)
        var bytes: [UInt8] = []
        _ = writer.write(alert, into: &bytes)
        if size > 0 { #expect(abs(bytes.count - size) < 100, "\(bytes.count)") }
    }
}
