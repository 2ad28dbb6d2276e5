import CommandOutput
import EventModel
import Foundation
import Outputs
import Testing

@Suite struct DaemonLogTests {
    /// What a log of this threshold writes.
    private func text(_ threshold: Priority, _ body: (DaemonLog) -> Void) throws -> String {
        let pipe = Pipe()
        let output = LogOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        body(DaemonLog(threshold: threshold, output: output))
        try pipe.fileHandleForWriting.close()
        return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }

    @Test(arguments: [
        (Priority.informational, "shrike: error: e\nshrike: warning: w\nshrike: i\n"),
        (.warning, "shrike: error: e\nshrike: warning: w\n"), (.error, "shrike: error: e\n"), (.critical, ""),
    ])
    func `remarks are named by their severity, and less severe ones are left out`(
        threshold: Priority, expected: String
    ) throws {
        let written = try text(threshold) { log in
            log.error("e")
            log.warning("w")
            log.info("i")
        }
        #expect(written == expected)
    }
}
