import EventModel
import NodeState
import Testing

@Suite struct StateSyscallsTests {
    @Test(
        arguments: [
            ("pidfd_send_signal", "target.name", true), ("pidfd_getfd", "target.pid", true),
            ("pidfd_send_signal", "proc.name", false), ("kill", "target.name", false),
        ])
    func `what a process descriptor refers to is followed where rules ask whom a call acts upon by one`(
        call: String, field: String, isFollowed: Bool
    ) throws {
        var needs = EventNeeds()
        needs.alternatives[try #require(EventType(name: call))] = [EventNeed()]
        let names = StateSyscalls.types(for: needs, fieldNames: [field]).map(\.name)
        #expect(names.contains("pidfd_open") == isFollowed)
        #expect(names.contains("execve"))
    }

    @Test(
        arguments: [
            ("proc.stdin.type", true), ("proc.stdout.name", true), ("proc.stdlib", false), ("proc.name", false),
        ])
    func `what puts a program's standard streams there is followed where rules read them`(
        field: String, isFollowed: Bool
    ) {
        let names = StateSyscalls.types(for: EventNeeds(), fieldNames: [field]).map(\.name)
        for call in ["dup", "dup2", "dup3", "accept4", "pipe2"] {
            #expect(names.contains(call) == isFollowed, "\(call)")
        }
    }
}
