import Foundation

/// Random numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64) { (self.seed, state) = (seed, seed) }

    /// With the seed of `SHRIKE_TEST_SEED`, else with a new one.
    static func fromEnvironment() -> SeededGenerator {
        let text = ProcessInfo.processInfo.environment["SHRIKE_TEST_SEED"]
        return SeededGenerator(seed: text.flatMap { UInt64($0) } ?? .random(in: 0...UInt64(UInt32.max)))
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
