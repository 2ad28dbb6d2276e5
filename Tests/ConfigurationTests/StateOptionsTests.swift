import EventModel
import NodeState
import Testing

@testable import Configuration

@Suite struct StateOptionsTests {
    @Test func `files and directories are looked up that rules name`() {
        var needs = EventNeeds()
        (needs.namedFiles, needs.namedDirectories) = (["/etc/shadow"], ["/etc", "/root"])
        let options = Configuration().stateOptions(needs, FieldCatalogue([]))
        #expect(options.namedFiles == ["/etc/shadow"])
        #expect(Set(options.namedDirectories) == ["/etc", "/root"])
    }
}
