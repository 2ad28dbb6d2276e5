import AuditRecords
import EventFields
import EventModel
import EventSources
import InternalAlerts
import KernelInterface
import NodeState

/// Which calls seccomp filters refused or told of, so that each is an alert once a day and not as often as a program tries.
///
/// Any user can put a filter on a program of his own and make it tell of whatever he likes. So each origin has room of its own: a
/// container and a service of the host by their control groups, which root made, all else by its user. Who fills his room is told of
/// no more that day, which is told, and nobody else's room is any smaller.
struct SeccompWatch {
    /// Whose a record is.
    private enum Origin {
        case container, service, user
    }

    private struct Room {
        /// When its day began.
        var since: UInt64
        var told: Set<Int> = []
        var isFullTold = false
    }

    private var rooms: [Origin: [Int: Room]] = [:]

    /// Calls that are told of an origin in a day.
    static let mostCalls = 128
    /// Origins of a kind that have room of their own; the others of that kind share one. Users are kept apart from what root started, as
    /// one of them may have the ids of thousands (subuid(5)).
    static let mostRooms = 512
    /// A day.
    private static let period: UInt64 = 86_400_000_000_000

    /// The alert of a record; nil when it was told of lately.
    ///
    /// - Parameter process: the process that made the call, as the node's state knows it; nil: it is not known.
    mutating func alert(of record: SeccompRecord, by process: ProcessRecord?) -> Alert? {
        let now = record.timeNanoseconds
        let isRefused = record.action != .logged && record.action != .allowed
        let container = process.flatMap { $0.container }
        let (origin, room) = place(of: record, by: process, at: now)
        var hasher = Hasher()
        hasher.combine(record.architecture.rawValue)
        hasher.combine(record.number)
        hasher.combine(isRefused)
        // A profile is a container's or a service's; programs of a user have filters of their own.
        if origin == .user { hasher.combine(record.executable) }
        let key = hasher.finalize()
        guard var found = rooms[origin]?[room], !found.told.contains(key) else { return nil }
        let id = container.map { Array($0.id) } ?? []
        guard found.told.count < Self.mostCalls else {
            guard !found.isFullTold else { return nil }
            rooms[origin]?[room]?.isFullTold = true
            return Self.full(origin, record, id)
        }
        found.told.insert(key)
        rooms[origin]?[room] = found
        return Self.told(record, isRefused: isRefused, container: id)
    }

    /// The room of a record, which is there afterwards and whose day has not ended.
    private mutating func place(of record: SeccompRecord, by process: ProcessRecord?, at now: UInt64) -> (Origin, Int) {
        var hasher = Hasher()
        let origin: Origin
        if let container = process?.container, !container.isUsers {
            origin = .container
            hasher.combine(container.fullID)
        } else if let process, process.isOnHost, let service = Self.service(of: process.cgroups) {
            origin = .service
            hasher.combine(service)
        } else {
            origin = .user
            hasher.combine(record.uid)
        }
        var room = hasher.finalize()
        var all = rooms.removeValue(forKey: origin) ?? [:]
        if all[room] == nil, all.count >= Self.mostRooms {
            all = all.filter { now < $0.value.since &+ Self.period }
            if all.count >= Self.mostRooms { room = 0 }
        }
        if all[room].map({ now >= $0.since &+ Self.period }) ?? true { all[room] = Room(since: now) }
        rooms[origin] = all
        return (origin, room)
    }

    /// The part of a text of /proc/PID/cgroup up to the service of the host's that it is in; nil for what is in none. What lies below a
    /// service its own user may have made.
    private static func service(of cgroups: [UInt8]) -> ArraySlice<UInt8>? {
        for line in cgroups.split(separator: 0x0a) {
            // The hierarchy's number and name have no slash; a directory that a user made may have any name.
            guard let root = line.firstIndex(of: UInt8(ascii: "/")), line[root...].starts(with: slice),
                let end = line[root...].firstRange(of: suffix)?.upperBound
            else { continue }
            return line[root..<end]
        }
        return nil
    }

    private static let slice = Array("/system.slice/".utf8)
    private static let suffix = Array(".service".utf8)

    private static func told(_ record: SeccompRecord, isRefused: Bool, container: [UInt8]) -> Alert {
        let call =
            SyscallCatalogue.call(ofAudit: record.architecture.rawValue, number: record.number)?.name
            ?? "\(record.number)"
        let program = String(decoding: record.executable.isEmpty ? record.command : record.executable, as: UTF8.self)
        let line = #"{"names": ["\#(call)"], "action": "SCMP_ACT_ALLOW"}"#
        let lack =
            SyscallCatalogue.isName(call)
            ? "if it needs it, the profile lacks: \(line)" : "no profile can name it, as libseccomp knows no such call"
        let what = isRefused ? "refused" : "let pass and told of"
        return InternalAlert.make(
            .seccompTold, priority: isRefused ? .warning : .notice,
            "a seccomp filter \(what) \(call) of \(program); \(lack)",
            [
                ("proc.exepath", .string(record.executable)), ("proc.name", .string(record.command)),
                ("proc.pid", .signed(Int64(record.pid))), ("user.uid", .signed(Int64(record.uid))),
                ("container.id", .string(container)), ("syscall", .string(Array(call.utf8))),
            ], record.timeNanoseconds)
    }

    /// The alert that no others of an origin come that day.
    private static func full(_ origin: Origin, _ record: SeccompRecord, _ container: [UInt8]) -> Alert {
        let whose =
            switch origin {
            case .container: "container \(String(decoding: container, as: UTF8.self))"
            case .service: "service of process \(record.pid)"
            case .user: "user \(record.uid)"
            }
        return InternalAlert.make(
            .seccompTold,
            "seccomp filters told of more than \(mostCalls) different calls of the \(whose) within a day; others of it are not told of "
                + "until tomorrow",
            [
                ("proc.pid", .signed(Int64(record.pid))), ("user.uid", .signed(Int64(record.uid))),
                ("container.id", .string(container)),
            ], record.timeNanoseconds)
    }
}
