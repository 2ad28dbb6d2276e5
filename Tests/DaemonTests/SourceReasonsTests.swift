import EventModel
import EventSources
import RuleEngine
import Testing

@testable import Daemon

@Suite struct SourceReasonsTests {
    private static func driver(_ kind: SourceKind, lacking fix: String) -> SourceDriver? {
        guard let traits = SourceTraits.all.first(where: { $0.kind == kind }) else { return nil }
        return SourceDriver(
            traits,
            probe: { SourceAvailability(kind: kind, isAvailable: fix.isEmpty, reason: "not allowed", fix: fix) },
            open: { (_, _) throws(SourceFailure) in throw SourceFailure(reason: "not to be opened") })
    }

    @Test func `where nothing works each source's reason is told, best first`() throws {
        let drivers = [
            Self.driver(.ebpf, lacking: "needs CAP_BPF and CAP_PERFMON"),
            Self.driver(.audit, lacking: "needs CAP_AUDIT_CONTROL"),
        ].compactMap(\.self)
        let needs = SourceNeeds(events: EventNeeds(alternatives: [:]), fieldNames: [])
        let error = #expect(throws: LiveSourcesError.self) {
            try LiveSources(drivers, needs: needs, choice: .auto, context: SourceContext())
        }
        let lines = try #require(error).message.split(separator: "\n").map(String.init)
        #expect(
            lines.dropFirst() == [
                "without ebpf: not allowed; needs CAP_BPF and CAP_PERFMON",
                "without audit: not allowed; needs CAP_AUDIT_CONTROL",
            ])
    }
}
