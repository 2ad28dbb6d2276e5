import EventModel
import NodeState
import Recording

/// What must hold of any bytes that are taken for a recording, for the fuzzer and the tests.
public enum RecordingCheck {
    /// Replays the bytes, unpacked, into a node's state: nothing traps, and it ends.
    ///
    /// - Returns: how many acts there were.
    @discardableResult
    public static func check(_ bytes: [UInt8]) -> Int {
        guard let recording = try? RecordingReader(unpacked: bytes) else { return 0 }
        var options = NodeStateOptions()
        options.bootTimeNanoseconds = recording.header.bootTimeNanoseconds
        options.processLimit = 256
        options.wanted = [.cgroup, .arguments, .executablePath, .executableOrigin, .executableLayer, .namespaceIDs]
        let state = NodeState(options: options, files: recording.files)
        var event = RawEvent()
        var acts = 0
        while let act = try? recording.next(into: &event) {
            acts += 1
            switch act {
            case .event: _ = state.apply(&event)
            case .tick(let time): state.tick(nowNanoseconds: time)
            case .scan(let time): _ = state.loadAll(nowNanoseconds: time)
            case .awaitPackages: state.awaitPackages(milliseconds: 1)
            case .begin, .loss, .due, .flush, .reload: break
            case .end: return acts
            }
        }
        return acts
    }
}
