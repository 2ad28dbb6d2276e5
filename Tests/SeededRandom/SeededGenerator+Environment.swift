import Glibc

extension SeededGenerator {
    /// With the seed of `SHRIKE_TEST_SEED`, else with a new one.
    package static func fromEnvironment() -> SeededGenerator {
        let text = getenv("SHRIKE_TEST_SEED").map { String(cString: $0) }
        return SeededGenerator(seed: text.flatMap { UInt64($0) } ?? .random(in: 0...UInt64(UInt32.max)))
    }
}
