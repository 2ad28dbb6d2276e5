import Testing

@testable import BPFRuntime

@Suite struct BufferCountsTests {
    @Test(arguments: [
        (-1, 1, 2), (1, 1, 2), (2, 2, 2), (16, 16, 4), (256, 256, 64), (1 << 30, 8192, 2048),
    ])
    func `buffers are for processors that run, and some for all`(running: Int, own: UInt32, shared: UInt32) {
        let counts = BufferCounts(runningProcessors: running)
        #expect(counts.own == own && counts.shared == shared && counts.all == own + shared)
    }
}
