import KernelInterface
import NodeState
import TestNode
import Testing

@testable import Recording

/// What a recorded run was answered.
@Suite struct RecordedFilesTests {
    /// What a run asks of one file in each of its acts, and what a replay of it is answered then.
    private static func replayed(
        _ acts: [(RecordingFiles, ScriptedFiles) -> Void], _ ask: (RecordedFiles, Int) -> Void
    ) throws {
        let scripted = ScriptedFiles()
        let bytes = try RecordedBytes.make { recorder in
            let files = RecordingFiles(scripted, recorder)
            for (index, act) in acts.enumerated() {
                recorder.begin(.tick(UInt64(index)))
                act(files, scripted)
            }
        }
        let recording = try RecordingReader(unpacked: bytes)
        var event = RecordedBytes.event
        var index = 0
        while let act = try recording.next(into: &event), act != .end {
            guard case .tick = act else { continue }
            ask(recording.files, index)
            index += 1
        }
        #expect(index == acts.count)
    }

    @Test func `each question has its answer again, of whatever kind`() throws {
        func all(_ files: any NodeFiles) -> [String] {
            var bytes: [UInt8] = []
            var numbers: [Int32] = []
            func said(_ isAnswered: Bool) -> String { isAnswered ? String(decoding: bytes, as: UTF8.self) : "no" }
            var told: [String] = []
            told.append(said(files.read(PathBuffer("/proc/60/stat"), upTo: 4096, into: &bytes)))
            told.append(said(files.read(PathBuffer("/proc/61/stat"), upTo: 4096, into: &bytes)))
            told.append(said(files.readLink(PathBuffer("/proc/60/exe"), into: &bytes)))
            told.append("\(files.status(PathBuffer("/usr/bin/x")).map { "\($0)" } ?? "no")")
            told.append("\(files.statusOfRootAlone(Array("/usr/bin/x".utf8), below: []).map { "\($0)" } ?? "no")")
            told.append("\(files.isOfRoot(Array("/usr/bin/x".utf8), below: []))")
            told.append("\(files.listNumbers(PathBuffer("/proc"), limit: .max, into: &numbers)) \(numbers.sorted())")
            told.append(
                "\(files.listNames(PathBuffer("/srv"), limit: 9)?.map { String(decoding: $0, as: UTF8.self) } ?? [])")
            told.append("\(files.socket(4, of: 60).map { "\($0)" } ?? "no")")
            told.append("\(files.socket(5, of: 60).map { "\($0)" } ?? "no")")
            return told
        }
        var live: [String] = []
        try Self.replayed([
            { files, scripted in
                scripted.addProcess(60, command: "x", ticks: 5)
                _ = scripted.addProgram("/usr/bin/x")
                scripted.addSocket(4, of: 60, inode: 99, local: ([127, 0, 0, 1], 80))
                live = all(files)
            }
        ]) { files, _ in
            #expect(all(files) == live)
            #expect(files.unanswered == 0)
        }
        #expect(live[0].contains("(x)") && live[1] == "no")
    }

    @Test func `answers of one act come in order, and the last one stays until there are others`() throws {
        func read(_ files: any NodeFiles) -> String? {
            var bytes: [UInt8] = []
            return files.read(PathBuffer("/proc/60/comm"), upTo: 64, into: &bytes)
                ? String(decoding: bytes, as: UTF8.self) : nil
        }
        var told: [String?] = []
        try Self.replayed([
            { files, scripted in
                scripted["/proc/60/comm"] = "a"
                _ = read(files)
                scripted["/proc/60/comm"] = "b"
                _ = read(files)
                _ = read(files)
            },
            { _, _ in },
            { files, scripted in
                scripted.removeProcess(60)
                _ = read(files)
            },
        ]) { files, index in
            for _ in 0..<(index == 0 ? 2 : 1) { told.append(read(files)) }
        }
        // Of the first act one was not asked for: it is not left over for the third.
        #expect(told == ["a", "b", "b", nil])
    }

    @Test func `what the run did not ask is not there, and counted`() throws {
        try Self.replayed([{ _, _ in }]) { files, _ in
            var bytes: [UInt8] = [1]
            #expect(!files.readLink(PathBuffer("/proc/60/exe"), into: &bytes) && bytes.isEmpty)
            #expect(files.unanswered == 1)
        }
    }
}
