import Testing

@testable import Delivery

@Suite struct AgeClockTests {
    @Test(arguments: [
        // The wall clock, the monotonic one, and what is expected.
        (1_000 as UInt64, 50 as UInt64, 1_000 as UInt64), (1_030, 80, 1_030), (90_000, 80, 1_030), (200, 80, 200),
    ])
    func `a clock that is set makes nothing look older`(wallClock: UInt64, monotonic: UInt64, expected: UInt64) {
        let clock = AgeClock(wallClock: 1_000, monotonic: 50)
        #expect(clock.nanoseconds(wallClock: wallClock, monotonic: monotonic) == expected)
    }
}
