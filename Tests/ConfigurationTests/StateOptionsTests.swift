import EventModel
import NodeState
import Testing

@testable import Configuration

@Suite struct StateOptionsTests {
    private func options(_ needs: [String: PathNeed]) -> NodeStateOptions {
        var alternatives: [EventType: [EventNeed]] = [:]
        for (name, paths) in needs {
            if let type = EventType(name: name) { alternatives[type] = [EventNeed(paths: paths)] }
        }
        return Configuration().stateOptions(EventNeeds(alternatives: alternatives), FieldCatalogue([]))
    }

    @Test(
        arguments: [
            (["/etc/shadow", "name"], [], ["/etc"]),
            ([], ["/etc/pam.d/", "/etc/"], ["/etc/pam.d", "/etc"]),
            // Beginnings, not components.
            ([], ["/etc/pam.d"], ["/etc/pam.d", "/etc"]),
            (["/vmlinuz"], ["/"], ["/"]),
        ] as [(Set<String>, Set<String>, Set<String>)])
    func `the directories that rules name files in are looked up`(
        _ exact: Set<String>, _ prefixes: Set<String>, _ expected: Set<String>
    ) {
        for call in ["unlinkat", "openat", "rename"] {
            let options = options([call: .oneOf(exact: exact, prefixes: prefixes, suffixes: [".x"])])
            #expect(Set(options.namedDirectories) == expected)
        }
    }

    @Test func `files are looked up that opens are judged by`() {
        let shadow = PathNeed.oneOf(exact: ["/etc/shadow", "x"], prefixes: ["/root/"], suffixes: [])
        #expect(options(["openat": shadow, "unlinkat": .any]).namedFiles == ["/etc/shadow"])
        #expect(options(["unlinkat": shadow]).namedFiles == [])
        #expect(options(["openat": .any]).namedDirectories == [])
    }
}
