import EventModel
import Foundation
import FuzzChecks
import SeededRandom
import Testing

@testable import Recording

/// Recordings as files.
@Suite struct RecordingFileTests {
    @Test func `a file is read act for act`() throws {
        try RecordedBytes.withFile { path in
            try RecordedBytes.record(to: path) { recorder in
                recorder.begin(.scan(5))
                recorder.begin(RecordedBytes.event)
                recorder.begin(.loss(3, 4))
                recorder.begin(.reload)
            }
            #expect(RecordingReader.isRecording(path))
            let recording = try RecordingReader(path: path)
            #expect(recording.header == RecordedBytes.header)
            var event = RawEvent()
            var acts: [Act] = []
            while let act = try recording.next(into: &event) {
                acts.append(act)
                if act == .event { #expect(event.process.pid == RecordedBytes.event.process.pid) }
            }
            #expect(acts == [.begin, .scan(5), .event, .loss(3, 4), .reload, .end])
            let mode = try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
            #expect(mode == 0o600)
        }
    }

    @Test func `a file that is there is left alone, and one that nothing came into goes`() throws {
        try RecordedBytes.withFile { path in
            do { _ = try Recorder(path: path, limit: 1 << 20) }
            #expect(!FileManager.default.fileExists(atPath: path))
            try "mine".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: (any Error).self) { try Recorder(path: path, limit: 1 << 20) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        }
    }

    @Test func `at its bound it ends, says so, and can be read as far as it goes`() throws {
        try RecordedBytes.withFile { path in
            var generator = SeededGenerator.fromEnvironment()
            let recorder = try Recorder(path: path, limit: 1 << 20)
            recorder.start(RecordedBytes.header)
            var event = RecordedBytes.event
            // What can't be packed.
            event.payload = event.store((0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
            var problem: String?
            for round in 0..<400 where problem == nil {
                recorder.begin(event)
                recorder.passOn(now: UInt64(round) << 40)
                usleep(1000)
                problem = recorder.takeProblem()
            }
            #expect(problem == "it has reached its bound of 1 MiB")
            recorder.finish()
            #expect(try #require(FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) <= 1 << 20)
            let recording = try RecordingReader(path: path)
            var acts: [Act] = []
            while let act = try recording.next(into: &event) { acts.append(act) }
            #expect(acts.count > 1 && acts.last == .event)
        }
    }

    @Test func `something else is no recording`() throws {
        try RecordedBytes.withFile { path in
            try "type=SYSCALL msg=audit(1:1): x\n".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(!RecordingReader.isRecording(path))
            #expect(!RecordingReader.isRecording(path + ".none"))
        }
    }

    @Test func `no bytes make the reader trap`() throws {
        var generator = SeededGenerator.fromEnvironment()
        let bytes = try RecordedBytes.make { recorder in
            for pid in 60..<70 as Range<Int32> {
                var event = RecordedBytes.event
                event.process.pid = pid
                recorder.begin(.tick(UInt64(pid)))
                recorder.begin(event)
            }
        }
        #expect(RecordingCheck.check(bytes) == 22)
        let header = bytes.count / 2
        for _ in 0..<3000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: header..<mutated.count, using: &generator)
                mutated[index] = UInt8.random(in: 0...255, using: &generator)
            }
            RecordingCheck.check(mutated)
        }
        for _ in 0..<300 {
            var mutated = bytes
            mutated[Int.random(in: 0..<header, using: &generator)] ^= 1 << UInt8.random(in: 0...7, using: &generator)
            RecordingCheck.check(mutated)
        }
    }
}
