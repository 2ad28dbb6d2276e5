import EventModel
import Testing

@testable import EventSources

@Suite struct ConnectorEventTypesTests {
    private func filled(_ what: UInt32, _ members: [UInt32]) -> RawEvent? {
        let bytes = Datagram.connector(what: what, members: members)
        guard let message = ProcessConnectorMessage(bytes.span) else { return nil }
        var event = RawEvent()
        return ConnectorEventTypes().fill(&event, from: message, datagram: bytes.span) ? event : nil
    }

    @Test func `a fork tells parent and child`() throws {
        let event = try #require(filled(0x1, [11, 10, 20, 20]))
        #expect(event.type.name == "clone")
        #expect((event.process.pid, event.process.tid) == (10, 11))
        #expect((event.childPID, event.result) == (20, 20))
    }

    @Test func `a new thread is no new process and a thread's end is no process's end`() {
        #expect(filled(0x1, [10, 10, 21, 10]) == nil)
        #expect(filled(0x8000_0000, [21, 10, 0, 17, 1, 1]) == nil)
        #expect(filled(0x200, [21, 10, 0x6161, 0, 0, 0]) == nil)
    }

    @Test func `an end tells its wait status`() throws {
        let event = try #require(filled(0x8000_0000, [10, 10, 9, 17, 1, 1]))
        #expect(event.type.name == "procexit")
        #expect(event.exitStatus == 9)
    }

    @Test func `a change of user ids tells both`() throws {
        let event = try #require(filled(0x4, [10, 10, 1000, 0]))
        #expect(event.type.name == "setresuid")
        #expect(event.process.known.contains(.userIDs))
        #expect((event.process.uid, event.process.effectiveUID) == (1000, 0))
        #expect((event.registers[0], event.registers[1], event.registerCount) == (1000, 0, 2))
    }

    @Test func `ptrace is the tracer's event`() throws {
        let event = try #require(filled(0x100, [20, 20, 10, 10]))
        #expect(event.type.name == "ptrace")
        #expect(event.process.pid == 10)
        #expect((event.registers[0], event.registers[1]) == (16, 20))
        #expect(filled(0x100, [20, 20, 0, 0]) == nil, "letting go has no tracer")
    }

    @Test func `a new name is stored`() throws {
        let event = try #require(filled(0x200, [10, 10, 0x6362_6164, 0, 0, 0]))
        #expect(event.type.name == "prctl")
        #expect(String(decoding: event.slice(event.process.command), as: UTF8.self) == "dabc")
    }

    @Test func `the mask decides what is provided`() {
        let types = ConnectorEventTypes().provided(by: [.fork, .exit])
        #expect(types.types.map(\.name).sorted() == ["clone", "procexit"])
    }
}
