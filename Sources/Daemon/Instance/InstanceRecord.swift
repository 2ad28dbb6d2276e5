import EventSources
import Glibc

/// What the file of the node's Shrike says: who watches, since when, and what is to be put back if it can't do that itself.
///
/// Lines of a word and its value: `shrike 1`, `pid 1234`, `since NANOSECONDS`, `stage watching`, `audit key=shrike enabled=0 …`,
/// `socket 7`, `lost 12`.
struct InstanceRecord: Equatable {
    /// How far the run is.
    enum Stage: String, CaseIterable {
        /// It watches, or is about to.
        case watching
        /// It was told to end, and works off what is left.
        case ending
        /// Somebody puts back what a run left.
        case restoring
        /// It ends, and leaves audit to another one that waits.
        case handedOver = "handed-over"
        /// All is as it was before.
        case ended
    }

    /// The process that wrote it.
    var pid: Int32
    /// When it began, nanoseconds since the epoch.
    var since: UInt64
    /// How far it is.
    var stage: Stage
    /// What puts audit back; nil where nothing was changed.
    var audit: AuditRestoration?
    /// The number under which it has open what another one can go on with; nil: nothing.
    var socket: Int32?
    /// The kernel's count of lost records when it was told of last; nil where nobody goes on from there.
    var lost: UInt32?

    /// A record from its parts.
    init(
        pid: Int32, since: UInt64, stage: Stage, audit: AuditRestoration? = nil, socket: Int32? = nil,
        lost: UInt32? = nil
    ) {
        (self.pid, self.since, self.stage, self.audit) = (pid, since, stage, audit)
        (self.socket, self.lost) = (socket, lost)
    }

    /// The file's content.
    var text: String {
        "shrike 1\npid \(pid)\nsince \(since)\nstage \(stage.rawValue)\n" + (audit.map { "audit \($0.text)\n" } ?? "")
            + (socket.map { "socket \($0)\n" } ?? "") + (lost.map { "lost \($0)\n" } ?? "")
    }

    /// Reads a file; nil when it is none of ours.
    init?(text: String) {
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            values[parts[0]] = parts[1]
        }
        guard values["shrike"] == "1", let pid = values["pid"].flatMap({ Int32($0) }), pid > 0,
            let since = values["since"].flatMap({ UInt64($0) }),
            let stage = values["stage"].flatMap({ Stage(rawValue: String($0)) })
        else { return nil }
        self.init(
            pid: pid, since: since, stage: stage, audit: values["audit"].flatMap { AuditRestoration(text: $0) },
            socket: values["socket"].flatMap { Int32($0) }, lost: values["lost"].flatMap { UInt32($0) })
    }

    /// Whether it will be over soon, so that it is worth waiting for.
    var endsSoon: Bool { stage == .ending || stage == .restoring || stage == .handedOver }
}
