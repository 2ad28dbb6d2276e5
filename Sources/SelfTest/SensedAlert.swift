import JSONTree

/// What a self test reads of an alert's JSON.
struct SensedAlert: Sendable, Equatable {
    /// The rule.
    var rule: String
    /// Whether it is one of Shrike's about itself.
    var isInternal: Bool
    /// The alert's text.
    var output: String
    /// The process and its ancestors, nearest first.
    var processes: [Int32] = []
    /// The texts of the alert's fields.
    var fieldTexts: [String] = []
    /// When the event was, nanoseconds since the epoch; 0: unknown.
    var timeNanoseconds: UInt64 = 0
    /// When it was read, nanoseconds of the monotonic clock.
    var readNanoseconds: UInt64
    /// Milliseconds from the event to the reading; nil: not known.
    var delayMilliseconds: UInt64?

    /// The key that the sensor is told to add to every alert, and its template: the process and fifteen ancestors.
    static let treeKey = "selftest.tree"
    static let timeKey = "selftest.time"
    static let treeTemplate = (1...15).reduce("%proc.pid") { "\($0) %proc.apid[\($1)]" }

    /// Reads a line; nil when it is no alert.
    ///
    /// - Parameter readWallNanoseconds: the time of reading by the clock that events are stamped with, nanoseconds since the epoch.
    init?(line: [UInt8], readNanoseconds: UInt64, readWallNanoseconds: UInt64) {
        guard let root = (try? JSONDocument(line))?.root, let rule = root["rule"]?.string else { return nil }
        self.rule = String(decoding: rule, as: UTF8.self)
        self.readNanoseconds = readNanoseconds
        isInternal = root["source"]?.string == Array("internal".utf8)
        output = String(decoding: root["output"]?.string ?? [], as: UTF8.self)
        for (key, value) in root["output_fields"]?.members ?? [] {
            let text = String(decoding: value.string ?? Array(value.rawText), as: UTF8.self)
            switch String(decoding: key, as: UTF8.self) {
            case Self.treeKey: processes = text.split(separator: " ").compactMap { Int32($0) }
            case Self.timeKey: timeNanoseconds = UInt64(text) ?? 0
            default: fieldTexts.append(text)
            }
        }
        guard timeNanoseconds > 0 else { return }
        // The clock may have been set back meanwhile.
        delayMilliseconds =
            readWallNanoseconds > timeNanoseconds ? (readWallNanoseconds - timeNanoseconds) / 1_000_000 : 0
    }
}

/// What says that an alert belongs to an attack: the tree of its processes, or the attack's own word in a field, for what it
/// lets others do (a container's runtime, systemd).
struct AttackMark: Sendable {
    /// The attack's first process.
    var process: Int32
    /// The word that is the attack's alone.
    var token: String
    /// The self test itself: the parent of what the attack leaves behind.
    var tester: Int32
    /// The sensor, and the first processes of the attacks before: what is of them is not of this one.
    var others: Set<Int32>
    /// From when to when the attack ran, nanoseconds since the epoch.
    var time: ClosedRange<UInt64>

    /// Whether an alert is of the attack's time and of nobody who is known.
    func isStray(_ alert: SensedAlert) -> Bool {
        time.contains(alert.timeNanoseconds) && !isOf(alert) && !alert.processes.contains(where: others.contains)
    }

    /// Whether an alert belongs to the attack.
    func isOf(_ alert: SensedAlert) -> Bool {
        if alert.processes.contains(process) { return true }
        if alert.processes.contains(where: others.contains) { return false }
        if alert.fieldTexts.contains(where: { $0.contains(token) }) { return true }
        return alert.processes.dropFirst().contains(tester) && time.contains(alert.timeNanoseconds)
    }
}
