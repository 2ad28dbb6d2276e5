import EventModel
import EventSources
import Testing

private let execve = EventType(name: "execve") ?? EventType.all[0]
private let openat = EventType(name: "openat") ?? EventType.all[0]

@Suite struct SourceAuthorityTests {
    private static let selection = SourceSelection(
        availabilities: [SourceKind.audit, .processConnector, .procfs].map {
            SourceAvailability(kind: $0, isAvailable: true)
        },
        needs: EventNeeds(alternatives: [execve: [EventNeed()], openat: [EventNeed()]]), choice: .auto)

    @Test(arguments: [
        (execve, SourceKind.audit, false, true),
        // What another source has told the state is no repetition for rules.
        (execve, .audit, true, true),
        (execve, .processConnector, false, false),
        (execve, .procfs, false, true),
        (execve, .procfs, true, false),
        (openat, .audit, false, true),
        (openat, .procfs, false, false),
        (openat, .fanotify, false, false),
    ])
    func `rules see a type of event from its authority, and from the scan what that has missed`(
        _ type: EventType, _ source: SourceKind, _ isDuplicate: Bool, _ isSeen: Bool
    ) {
        let authority = SourceAuthority(Self.selection)
        #expect(authority.admits(type, from: source, isDuplicate: isDuplicate) == isSeen)
    }

    @Test func `a replayed log tells of everything, and nothing else does`() {
        let authority = SourceAuthority(only: .auditLog)
        for type in EventType.all {
            #expect(authority.admits(type, from: .auditLog, isDuplicate: true))
            #expect(!authority.admits(type, from: .audit, isDuplicate: false))
        }
    }
}
