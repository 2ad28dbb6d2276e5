import Foundation
import Testing

/// What an event allocates on its way, counted over two lengths of one log.
@Suite(.enabled(if: ShrikeProcess.isReleaseBinary, "SHRIKE_BINARY names no release program"))
struct EndToEndAllocationTests {
    @Test(.timeLimit(.minutes(2))) func `an event allocates nothing, of a known process or a new one`() throws {
        let program = EndToEndServiceTests.repository.appendingPathComponent("Benchmarks/allocations").path
        let done = try Command.run("/usr/bin/env", ["python3", program, ShrikeProcess.binary.path])
        #expect(done.status == 0, "\(done.output)")
        #expect(done.output.contains("known processes") && done.output.contains("a new process each"))
    }
}
