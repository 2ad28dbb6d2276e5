import EventModel
import Foundation
import Glibc
import KernelInterface
import Testing

@testable import Outputs

/// A channel whose reader stands still until it is told to go on.
enum StalledReader: String, CaseIterable, Sendable {
    case stdout, file, syslog, program, programForEachAlert

    /// The channel, what lets its reader go on, and what the reader has read so far.
    struct Scene {
        var output: any AlertOutput
        var goOn: () -> Void = {}
        var received: () -> [String]
        var end: () -> Void = {}
    }

    func scene(in directory: String) throws -> Scene {
        let go = directory + "/go"
        let read = directory + "/read"
        func lines() -> [String] { (contents(read) ?? "").split(separator: "\n").map(String.init) }
        // It ends with the directory at the latest.
        let waiting = "while [ -d \(directory) -a ! -e \(go) ]; do sleep 0.05; done; cat >> \(read)"
        switch self {
        case .stdout:
            let (reading, writing) = try makePipe()
            let reader = PipeReader(reading)
            return Scene(
                output: try StandardOutput(descriptor: writing, buffering: .batch, isColored: false),
                received: { reader.take() }, end: { for end in [reading, writing] { close(end) } })
        case .file:
            #expect(mkfifo(directory + "/pipe", 0o600) == 0)
            let reading = open(directory + "/pipe", O_RDONLY | O_NONBLOCK)
            let reader = PipeReader(reading)
            return Scene(
                output: try FileOutput(path: directory + "/pipe", keepsOpen: true, isBuffered: false),
                received: { reader.take() }, end: { close(reading) })
        case .syslog:
            let listener = try listenForDatagrams(at: directory + "/log")
            let reader = DatagramReader(listener)
            let output = try SyslogOutput(path: directory + "/log")
            return Scene(output: output, received: { reader.take() }, end: { close(listener) })
        case .program, .programForEachAlert:
            return Scene(
                output: try ProgramOutput(command: waiting, keepsRunning: self == .program),
                goOn: { close(open(go, O_WRONLY | O_CREAT, 0o600)) }, received: lines,
                end: { close(open(go, O_WRONLY | O_CREAT, 0o600)) })
        }
    }
}

/// Reads what is there, line by line.
private final class PipeReader {
    private let descriptor: Int32
    private var text = ""
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func take() -> [String] {
        text += available(descriptor)
        return text.split(separator: "\n").map(String.init)
    }
}

/// Reads the messages that are there; the empty one is the question whether somebody listens.
private final class DatagramReader {
    private let descriptor: Int32
    private var messages: [String] = []
    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func take() -> [String] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            if count < 0 { return messages }
            if count > 0 { messages.append(String(decoding: bytes.prefix(count), as: UTF8.self)) }
        }
    }
}

@Suite(.timeLimit(.minutes(2))) struct StalledReaderTests {
    /// More than a pipe or a socket holds; less than the buffer does.
    private static let count = 400
    private static let padding = String(repeating: "x", count: 1000)

    private static func send(to channels: OutputChannels) {
        for index in 0..<count {
            channels.send(alert("\(index) \(padding)"))
            channels.endBatch()
        }
    }

    /// The limit of 3 s is what is promised for the end, whatever the receivers do.
    @Test(arguments: StalledReader.allCases)
    func `it costs the others nothing, and the end is not held up`(reader: StalledReader) throws {
        try withTemporaryDirectory { directory in
            let scene = try reader.scene(in: directory)
            defer { scene.end() }
            let beside = try FileOutput(path: directory + "/beside", keepsOpen: true, isBuffered: false)
            let channels = OutputChannels([scene.output, beside], format: AlertFormat())
            channels.stallMilliseconds = 100
            channels.start()
            Self.send(to: channels)
            #expect(eventually { contents(directory + "/beside")?.split(separator: "\n").count == Self.count })
            var problems: [OutputProblem] = []
            #expect(
                eventually {
                    problems += channels.takeProblems()
                    return !problems.isEmpty
                }, "nobody was told")
            let start = KernelClock.monotonic()
            channels.close()
            #expect(KernelClock.monotonic() &- start < 3_000_000_000)
            problems += channels.takeProblems()
            let counters = try #require(channels.counters.first)
            #expect(counters.failed > 0 && counters.delivered &+ counters.failed == UInt64(Self.count))
            let told = problems.reduce(0 as UInt64) { sum, problem in
                if case .lost(let count) = problem.kind { sum + count } else { sum }
            }
            #expect(told == counters.failed)
            #expect(!problems.contains { $0.kind == .recovered }, "it never did")
            #expect(channels.counters.last?.delivered == UInt64(Self.count))
        }
    }

    @Test(arguments: StalledReader.allCases)
    func `when it comes back in time nothing is lost`(reader: StalledReader) throws {
        try withTemporaryDirectory { directory in
            let scene = try reader.scene(in: directory)
            defer { scene.end() }
            let channels = OutputChannels([scene.output], format: AlertFormat())
            channels.start()
            // A program for each alert may take two seconds, and 32 of them run beside each other.
            let count = reader == .programForEachAlert ? 20 : Self.count
            for index in 0..<count {
                channels.send(alert("\(index) \(Self.padding)"))
                channels.endBatch()
            }
            scene.goOn()
            var numbers: [Int] = []
            #expect(
                eventually {
                    numbers = scene.received().compactMap { line in
                        line.firstRange(of: "Warning ").flatMap { Int(line[$0.upperBound...].prefix { $0 != " " }) }
                    }
                    return numbers.count == count
                })
            // Programs beside each other have no order.
            #expect((reader == .programForEachAlert ? numbers.sorted() : numbers) == Array(0..<count))
            channels.close()
            #expect(channels.counters.map(\.failed) == [0])
        }
    }

    @Test func `over the bound the least severe are lost, and the severe come through`() throws {
        try withTemporaryDirectory { directory in
            let (reading, writing) = try makePipe()
            defer { for end in [reading, writing] { close(end) } }
            var queue = OutputQueue()
            queue.limits = .init(bytes: 20_000)
            let channels = OutputChannels(
                [try StandardOutput(descriptor: writing, buffering: .batch, isColored: false, queue: queue)],
                format: AlertFormat())
            channels.start()
            for index in 0..<Self.count {
                channels.send(alert("\(index) \(Self.padding)", index % 40 == 39 ? .critical : .notice))
                channels.endBatch()
            }
            let reader = PipeReader(reading)
            #expect(eventually { reader.take().count { $0.contains(": Critical ") } == Self.count / 40 })
            channels.close()
            let received = UInt64(reader.take().count)
            #expect(channels.counters.map(\.delivered) == [received])
            #expect(channels.counters.map(\.failed) == [UInt64(Self.count) - received])
            #expect(received < UInt64(Self.count))
        }
    }

    @Test func `a log that is read later waits for its reader and loses nothing`() throws {
        let (reading, writing) = try makePipe()
        defer { for end in [reading, writing] { close(end) } }
        var queue = OutputQueue()
        queue.limits = .init(bytes: 8_000)
        queue.isLossless = true
        let slow = Thread {
            // Starts when the pipe is full.
            usleep(200_000)
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            while read(reading, &bytes, bytes.count) > 0 {}
        }
        slow.start()
        let channels = OutputChannels(
            [try StandardOutput(descriptor: writing, buffering: .batch, isColored: false, queue: queue)],
            format: AlertFormat())
        channels.start()
        Self.send(to: channels)
        channels.close(withinMilliseconds: nil)
        #expect(channels.counters.map(\.delivered) == [UInt64(Self.count)])
        #expect(channels.counters.map(\.failed) == [0])
    }
}
