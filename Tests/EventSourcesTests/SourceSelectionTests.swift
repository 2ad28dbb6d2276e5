import EventModel
import Testing

@testable import EventSources

@Suite struct SourceSelectionTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var works: [SourceKind]
        var choice = SourceChoice.auto
        var needed = ["execve", "openat", "open", "connect"]
        var running: [SourceKind]
        var role = ProcfsSource.Role.safetyNet
        var authorities: [String: SourceSet]
        var unseen: [String] = []
        var failures: [SourceKind] = []
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "audit is the authority and the rest completes it",
            works: [.audit, .processConnector, .procfs, .fanotify],
            running: [.audit, .processConnector, .procfs],
            authorities: [
                "execve": [.audit, .procfs], "openat": .audit, "open": .audit, "connect": .audit,
            ]
        ),
        Row(
            name: "without audit the three others share, and network calls are not seen",
            works: [.processConnector, .procfs, .fanotify],
            running: [.processConnector, .fanotify, .procfs],
            authorities: ["execve": [.processConnector, .procfs], "openat": .fanotify],
            unseen: ["connect"]
        ),
        Row(
            name: "a rule that asks for open alone is not told of openat",
            works: [.processConnector, .procfs, .fanotify], needed: ["open"],
            running: [.processConnector, .procfs], authorities: [:], unseen: ["open"]
        ),
        Row(
            name: "the scan alone is the only source",
            works: [.procfs], needed: ["execve", "procexit"], running: [.procfs], role: .only,
            authorities: ["execve": .procfs, "procexit": .procfs]
        ),
        Row(
            name: "fanotify is left out where no rule asks for opens",
            works: [.processConnector, .procfs, .fanotify], needed: ["execve"],
            running: [.processConnector, .procfs], authorities: ["execve": [.processConnector, .procfs]]
        ),
        Row(
            name: "the end of a process is the connector's even beside audit",
            works: [.audit, .processConnector], needed: ["procexit", "execve"],
            running: [.audit, .processConnector],
            authorities: ["procexit": .processConnector, "execve": .audit]
        ),
        Row(
            name: "eBPF asked for by name tells of everything alone",
            works: [.ebpf, .audit, .processConnector, .procfs], choice: .only([.ebpf]),
            needed: ["execve", "openat", "procexit"], running: [.ebpf],
            authorities: ["execve": .ebpf, "openat": .ebpf, "procexit": .ebpf]
        ),
        Row(
            name: "eBPF comes first, with the scan beside it, and no other source of calls or ends",
            works: [.ebpf, .audit, .processConnector, .procfs, .fanotify], needed: ["execve", "openat", "procexit"],
            running: [.ebpf, .procfs],
            authorities: ["execve": [.ebpf, .procfs], "openat": .ebpf, "procexit": .ebpf]
        ),
        Row(
            name: "a source asked for by name that does not work is a failure",
            works: [.procfs, .processConnector], choice: .only([.audit]), needed: ["execve"],
            running: [], role: .only, authorities: [:], unseen: ["execve"], failures: [.audit]
        ),
        Row(
            name: "only what was asked for runs",
            works: [.audit, .processConnector, .procfs, .fanotify], choice: .only([.audit]), needed: ["execve"],
            running: [.audit], authorities: ["execve": .audit]
        ),
        Row(
            name: "of proc what works is enough",
            works: [.procfs], choice: .only(SourceChoice.processSources), needed: ["execve"],
            running: [.procfs], role: .only, authorities: ["execve": .procfs]
        ),
        Row(
            name: "of proc nothing is not enough",
            works: [.audit], choice: .only(SourceChoice.processSources), needed: ["execve"],
            running: [], role: .only, authorities: [:], unseen: ["execve"],
            failures: [.processConnector, .fanotify, .procfs]
        ),
    ]

    private static func select(_ row: Row) throws -> SourceSelection {
        let availabilities = SourceKind.allCases.filter { $0 != .auditLog }.map { kind in
            let works = row.works.contains(kind)
            return SourceAvailability(
                kind: kind, isAvailable: works, reason: works ? "" : "reason of \(kind.name)",
                fix: works ? "" : "fix of \(kind.name)"
            )
        }
        var needs: [String: [EventNeed]] = [:]
        for name in row.needed { needs[name] = [EventNeed()] }
        return try SourceSelection(
            availabilities: availabilities, needs: OpenNeedsTests.needs(needs), choice: row.choice)
    }

    @Test(arguments: rows)
    func `sources are chosen`(_ row: Row) throws {
        let selection = try Self.select(row)
        #expect(selection.running == row.running)
        #expect(selection.scanRole == row.role)
        let authorities = Dictionary(uniqueKeysWithValues: selection.authorities.map { ($0.key.name, $0.value) })
        #expect(authorities == row.authorities)
        #expect(selection.unseen.map(\.name) == row.unseen)
        #expect(selection.failures.map(\.kind) == row.failures)
        for source in SourceKind.allCases {
            for type in selection.authorities.keys {
                #expect(
                    SourceAuthority(selection).admits(type, from: source, isDuplicate: false)
                        == row.authorities[type.name]?.contains(SourceSet(source)))
            }
        }
    }

    @Test func `the user is told what is watched with, why not better, and what is missing`() throws {
        let selection = try Self.select(Self.rows[1])
        #expect(
            selection.lines == [
                "watching with connector (starts and ends of processes, id changes), "
                    + "fanotify (opens of the files that rules name), scan (processes that no event told of)",
                "without ebpf: reason of ebpf; fix of ebpf", "without audit: reason of audit; fix of audit",
                "not seen although rules ask for it: connect; that takes the source ebpf or audit",
                "the arguments of processes that end within a millisecond or so may be missing",
                "opens that fail are not seen; open, creat and openat2 are told as openat",
            ])
    }

    @Test func `where everything works one line is enough`() throws {
        let row = try #require(Self.rows.first { $0.works.contains(.ebpf) && $0.choice == .auto })
        #expect(
            try Self.select(row).lines == [
                "watching with ebpf (system calls), scan (processes that no event told of)"
            ])
    }

    @Test func `why a better source is not used is told, and of worse ones nothing`() throws {
        #expect(
            try Self.select(Self.rows[0]).lines == [
                "watching with audit (system calls), connector (ends of processes), "
                    + "scan (processes that no event told of)",
                "without ebpf: reason of ebpf; fix of ebpf",
            ])
    }

    @Test(arguments: [
        ([SourceKind.processConnector, .procfs], false), ([.processConnector, .procfs, .fanotify], true),
    ])
    func `what an unprivileged user may see is not watched unless asked for`(_ works: [SourceKind], _ runs: Bool) throws
    {
        let availabilities = works.map { kind in
            SourceAvailability(
                kind: kind, isAvailable: true, reason: kind == .procfs ? "sees little" : "",
                fix: kind == .procfs ? "needs CAP_SYS_PTRACE" : "", isRestricted: kind == .procfs)
        }
        let needs = try OpenNeedsTests.needs(["execve": [EventNeed()], "openat": [EventNeed()]])
        let selection = SourceSelection(availabilities: availabilities, needs: needs, choice: .auto)
        #expect(selection.running.isEmpty != runs)
        #expect(
            selection.failures.map(\.fix)
                == (runs
                    ? []
                    : ["run as root, or with CAP_SYS_PTRACE; '--source proc' watches what this user may see"]))
        let asked = SourceSelection(
            availabilities: availabilities, needs: needs, choice: .only(SourceChoice.processSources))
        #expect(Set(asked.running) == Set(works))
    }

    @Test func `nothing at all is said plainly`() throws {
        let row = try #require(Self.rows.first { $0.failures == [.audit] })
        let lines = try Self.select(row).lines
        #expect(lines.first == "nothing to watch with: no event source works here")
        #expect(lines.contains("without audit: reason of audit; fix of audit"))
    }

    @Test(
        arguments: [
            ("auto", .auto), ("audit", .only([.audit])), ("proc", .only([.processConnector, .fanotify, .procfs])),
            ("audit, connector", .only([.audit, .processConnector])), ("scan", .only([.procfs])),
            ("scan,proc", .only([.procfs, .processConnector, .fanotify])),
        ] as [(String, SourceChoice)])
    func `a choice is read`(_ text: String, _ expected: SourceChoice) throws {
        #expect(try SourceChoice(text) == expected)
    }

    @Test(arguments: ["", "audti", "auto,audit", "audit,", "procfs", "audit-log"])
    func `a wrong choice says what was expected`(_ text: String) {
        let error = #expect(throws: SourceChoiceError.self) { try SourceChoice(text) }
        #expect(error?.description.contains("expected auto, proc") == true)
    }
}
