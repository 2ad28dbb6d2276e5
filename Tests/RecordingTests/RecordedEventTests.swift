import EventModel
import SeededRandom
import Testing

@testable import Recording

/// Events as recordings have them.
@Suite struct RecordedEventTests {
    private static let types = EventType.all.map(Optional.some)

    private static func encoded(_ event: RawEvent) -> [UInt8] {
        var encoder = RecordingEncoder()
        encoder.append(event)
        return encoder.bytes
    }

    private static func decoded(_ bytes: [UInt8], types: [EventType?] = types) throws -> RawEvent {
        var event = RawEvent()
        var decoder = RecordingDecoder(bytes[...])
        try decoder.read(&event, types: types)
        #expect(decoder.isAtEnd)
        return event
    }

    @Test func `everything that a source tells is kept`() throws {
        var event = RawEvent()
        event.type = try #require(EventType(name: "openat"))
        event.source = .ebpf
        event.timeNanoseconds = .max
        event.sequence = 1 << 40
        event.architecture = .x86_64
        event.registerCount = 4
        event.registers[3] = .max
        event.result = -2
        event.hasResult = true
        event.process.known = [.parent, .loginUser]
        event.process.pid = 4711
        event.process.loginUID = .max
        event.process.uid = 1000
        event.process.command = event.store(Array("cat".utf8))
        event.process.arguments = event.store(Array("cat\0/etc/shadow\0".utf8))
        event.process.executableFile.layer = .upper
        event.childPID = -1
        event.openHow = OpenHow(flags: 1, mode: 2, resolve: 3)
        var path = PathFact()
        path.name = event.store(Array("../shadow".utf8))
        path.object.path = event.store(Array("/etc/shadow".utf8))
        path.object.rootLength = 4
        path.role = .create
        event.append(path: path)
        event.append(argument: ArgumentFact(index: 2, number: 7))
        event.append(argument: ArgumentFact(index: 3, bytes: event.store([0, 255])))
        let again = try Self.decoded(Self.encoded(event))
        #expect(again.type == event.type && again.source == .ebpf && again.timeNanoseconds == .max)
        #expect(again.sequence == 1 << 40 && again.architecture == .x86_64 && again.registers[3] == .max)
        #expect(again.result == -2 && again.hasResult && again.openHow == event.openHow && again.childPID == -1)
        #expect(again.process.pid == 4711 && again.process.loginUID == .max && again.process.uid == 1000)
        #expect(again.slice(again.process.arguments).elementsEqual("cat\0/etc/shadow\0".utf8))
        #expect(!again.process.executable.isPresent && again.process.executableFile.layer == .upper)
        #expect(again.slice(again.paths[0].object.path).elementsEqual("/etc/shadow".utf8))
        #expect(again.paths[0].role == .create && again.paths[0].object.rootLength == 4)
        #expect(again.argument(at: 2)?.number == 7)
        #expect(again.argument(at: 3).map { Array(again.slice($0.bytes)) } == [0, 255])
        #expect(Self.encoded(again) == Self.encoded(event))
    }

    @Test func `an empty event is short`() throws {
        #expect(Self.encoded(RawEvent()).count < 160)
        #expect(try Self.encoded(Self.decoded(Self.encoded(RawEvent()))) == Self.encoded(RawEvent()))
    }

    @Test func `types go by name, and an event of one that is unknown is nobody's`() throws {
        var event = RawEvent()
        event.type = EventType(index: 1)
        event.process.pid = 60
        var types = Self.types
        types.swapAt(1, 2)
        #expect(try Self.decoded(Self.encoded(event), types: types).type == EventType(index: 2))
        types[1] = nil
        let unknown = try Self.decoded(Self.encoded(event), types: types)
        #expect(unknown.isForStateOnly && unknown.process.pid == 0)
    }

    @Test func `what is cut or damaged is refused`() throws {
        var event = RawEvent()
        event.process.command = event.store(Array("cat".utf8))
        let bytes = Self.encoded(event)
        for count in 0..<bytes.count {
            #expect(throws: RecordingError.self) { try Self.decoded(Array(bytes.prefix(count))) }
        }
        // A range beyond the event's bytes: they are one fewer than it was made for.
        var damaged = bytes
        damaged[1] = 2
        damaged.remove(at: 4)
        #expect(throws: RecordingError.self) { try Self.decoded(damaged) }
    }
}
