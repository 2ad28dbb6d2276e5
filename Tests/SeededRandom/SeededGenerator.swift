/// Random numbers that depend on the seed alone, so that a test that failed can be run again (SplitMix64; Steele, Lea and Flood, 2014).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    /// What the numbers depend on.
    public let seed: UInt64
    private var state: UInt64

    /// A generator at its beginning.
    package init(seed: UInt64) { (self.seed, state) = (seed, seed) }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
