import Profiles
import SeededRandom
import Testing

@Suite("Unseen mass")
struct UnseenMassTests {
    @Test("Nothing observed is all unseen")
    func nothing() {
        #expect(UnseenMass().estimate == 1)
        #expect(UnseenMass().upperBound(risk: 0.05) == 1)
    }

    @Test(
        "Quiet windows bound it as the exact binomial bound does", arguments: [(1, 0.975), (10, 0.3085), (100, 0.0362)])
    func quiet(windows: UInt32, bound: Double) {
        let mass = UnseenMass(windows: windows, quietWindows: windows)
        #expect(abs(mass.upperBound(risk: 0.05) - bound) < 0.0001)
    }

    @Test("Many observations bound it without quiet windows")
    func observations() {
        let mass = UnseenMass(windows: 1000, quietWindows: 0, observations: 1_000_000, singletons: 1000)
        // 0.001 + 4.5605 * sqrt(ln(120) / 10^6)
        #expect(abs(mass.upperBound(risk: 0.05) - 0.010_978) < 0.0001)
        #expect(mass.estimate == 0.001)
    }

    @Test("The bound is exceeded as seldom as it says", arguments: [UInt64(1), 2, 3])
    func holds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var exceeded = 0
        var settled = 0
        for _ in 0..<300 {
            // A workload that does one of many things, some of them seldom, in each window.
            let weights = (0..<40).map { index in 1 / Double(1 + index * index) }
            let total = weights.reduce(0, +)
            var seen: Set<Int> = []
            var counts: [Int: Int] = [:]
            var mass = UnseenMass()
            var (quiet, windows) = (UInt32(0), UInt32(0))
            while windows < 2000 {
                var rest = Double.random(in: 0..<total, using: &random)
                let drawn =
                    weights.firstIndex {
                        rest -= $0; return rest < 0
                    } ?? 0
                windows += 1
                quiet = seen.insert(drawn).inserted ? 0 : quiet + 1
                counts[drawn, default: 0] += 1
                mass = UnseenMass(
                    windows: windows, quietWindows: quiet, observations: UInt64(windows),
                    singletons: UInt32(counts.values.count { $0 == 1 }))
                if mass.upperBound(risk: 0.05) <= 0.05 { break }
            }
            guard windows < 2000 else { continue }
            settled += 1
            let unseen = weights.indices.filter { !seen.contains($0) }.map { weights[$0] }.reduce(0, +) / total
            if unseen > 0.05 { exceeded += 1 }
        }
        #expect(settled > 250)
        // It stops at the first moment that looks good, so the risk is a little above that of one look.
        #expect(Double(exceeded) / Double(settled) < 0.1)
    }
}
