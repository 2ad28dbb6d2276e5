import EventModel
import EventSources

/// Keeps what a source delivers.
final class RecordingSink: EventSink {
    struct Received: Equatable {
        var type: String
        var pid: Int32
        var tid: Int32
        var child: Int32
        var status: Int32
        var result: Int64
        var flags: UInt64
        var path: String?
        var time: UInt64
        var device: (UInt32, UInt32)
        var inode: UInt64

        static func == (left: Received, right: Received) -> Bool {
            (left.type, left.pid, left.path, left.inode) == (right.type, right.pid, right.path, right.inode)
        }
    }

    var received: [Received] = []
    var events: [RawEvent] = []
    var notices: [SourceNotice] = []

    func receive(_ event: inout RawEvent) {
        let path = event.paths.first.map { String(decoding: event.slice($0.name), as: UTF8.self) }
        received.append(
            Received(
                type: event.type.name, pid: event.process.pid, tid: event.process.tid, child: event.childPID,
                status: event.exitStatus, result: event.result, flags: event.registers[2], path: path,
                time: event.timeNanoseconds,
                device: (event.paths.first?.deviceMajor ?? 0, event.paths.first?.deviceMinor ?? 0),
                inode: event.paths.first?.inode ?? 0
            )
        )
        events.append(event)
    }

    func report(_ notice: SourceNotice) { notices.append(notice) }

    func types(of pid: Int32) -> [String] { received.filter { $0.pid == pid }.map(\.type) }
}
