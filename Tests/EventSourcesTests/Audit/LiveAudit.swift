import EventModel
import Foundation
import Glibc
import Testing

@testable import EventSources

/// What tests against the kernel's real audit subsystem share.
enum LiveAudit {
    static let isAvailable = AuditSource.probe().isAvailable

    /// A source for the time of `body`; audit is to be afterwards as it was.
    static func withSource(
        _ needs: EventNeeds, options: AuditSource.Options = .init(), fieldNames: Set<String> = [],
        _ body: (AuditSource, RecordingSink) throws -> Void
    ) throws {
        let before = try State()
        let source = try AuditSource(needs: needs, fieldNames: fieldNames, options: options)
        do {
            defer { source.stop() }
            try body(source, RecordingSink())
        }
        let after = try State()
        #expect(after == before)
    }

    /// Looks every tenth of a second.
    static var quick: AuditSource.Options {
        var options = AuditSource.Options()
        options.statusIntervalNanoseconds = 100_000_000
        options.rulesIntervalNanoseconds = 100_000_000
        options.planIntervalNanoseconds = 100_000_000
        return options
    }

    /// Needs of these types, each any event unless told otherwise.
    static func needs(_ alternatives: [String: [EventNeed]]) -> EventNeeds {
        EventNeeds(
            alternatives: Dictionary(
                uniqueKeysWithValues: alternatives.compactMap { name, needs in
                    EventType(name: name).map { ($0, needs) }
                }
            )
        )
    }

    static func opens(_ paths: PathNeed, _ access: AccessNeed = .any, _ outcome: OutcomeNeed = .success) -> EventNeeds {
        let need = EventNeed(paths: paths, access: access, outcome: outcome)
        return needs(["open": [need], "openat": [need], "openat2": [need], "creat": [need]])
    }

    /// Everything about audit that a test must leave as it was.
    struct State: Equatable {
        var enabled: AuditStatus.Enabled
        var pid: Int32
        var backlogLimit: UInt32
        var backlogWaitTime: UInt32
        var rules: [AuditRule]

        init() throws {
            let control = try NetlinkAuditControl()
            let status = try control.status()
            enabled = status.enabled
            pid = status.pid
            backlogLimit = status.backlogLimit
            backlogWaitTime = status.backlogWaitTime
            rules = try control.rules()
        }
    }

    static func paths(_ event: RawEvent) -> [String] {
        event.paths.map { String(decoding: event.slice($0.name), as: UTF8.self) }
    }

    static func arguments(_ event: RawEvent) -> [[UInt8]] {
        event.slice(event.process.arguments).split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map(Array.init)
    }

    static func auditctl(_ arguments: String...) throws {
        try LiveKernel.start("/sbin/auditctl", arguments).waitUntilExit()
    }

    /// A directory that goes with the test.
    final class Directory {
        let path: String
        init() throws {
            path = "/tmp/shrike-audit-\(getpid())-\(UInt32.random(in: 0 ... .max))"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }
}

extension RecordingSink {
    func events(of pid: Int32, _ type: String) -> [RawEvent] {
        events.filter { $0.process.pid == pid && $0.type.name == type }
    }
    func opens(of path: String) -> [RawEvent] {
        events.filter { $0.type.name.hasPrefix("open") || $0.type.name == "creat" }
            .filter { LiveAudit.paths($0).contains(path) }
    }
    func said(_ kind: SourceNotice.Kind, _ part: String) -> Bool {
        notices.contains { $0.kind == kind && $0.message.contains(part) }
    }
}
