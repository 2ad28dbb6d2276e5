import EventModel

/// Folds repeats: of alerts with equal key the first goes out, those that follow within a window are counted, and at its
/// end the last of them goes out with their number. Each alert taken is given back, or counted in one that is given back.
///
/// It knows no clock: times are passed in, in nanoseconds, and never go back.
struct AlertFolding {
    /// Alerts that were counted instead of sent.
    private(set) var folded: UInt64 = 0
    /// When a window ends next, or earlier; `UInt64.max` when none is open.
    private(set) var nextDeadline = UInt64.max

    private let settings: RepeatSettings
    /// What the settings say of a rule, found once. As many as there are rules.
    private var policies: [String: Policy] = [:]
    private var windows: [Window] = []
    private var free: [Int] = []
    /// What keys and kept alerts take, about.
    private var bytes = 0
    private var indexByKey: [AlertKey: Int] = [:]
    /// The ends of the list of open windows, in the order in which they were opened; -1: none.
    private var oldest = -1
    private var newest = -1

    private struct Policy {
        var window: UInt64
        var fields: [String]
    }

    private struct Window {
        var key: AlertKey
        var deadline: UInt64
        var bytes: Int
        var repeats: UInt64 = 0
        var firstTimeNanoseconds: UInt64 = 0
        var last: Alert?
        var older = -1
        var newer = -1
    }

    /// Most bytes of keys and kept alerts; command lines may be long, and somebody may make them so.
    static let maximumBytes = 16 << 20

    /// Folding by these settings.
    init(_ settings: RepeatSettings) { self.settings = settings }

    /// Whether any alert can be folded.
    var isActive: Bool { settings.windowSeconds > 0 || settings.overrides.contains { ($0.windowSeconds ?? 0) > 0 } }

    /// Takes an alert of a rule; gives what goes out now.
    mutating func take(_ alert: Alert, now: UInt64) -> [CountedAlert] {
        var sent = close(now: now)
        let policy = policy(for: alert)
        guard policy.window > 0 else { return sent + [CountedAlert(alert)] }
        let key = AlertKey(alert, fields: policy.fields)
        if let index = indexByKey[key] {
            if windows[index].repeats == 0 { windows[index].firstTimeNanoseconds = alert.timeNanoseconds }
            windows[index].repeats += 1
            windows[index].last = alert
            let size = key.size + Self.size(of: alert)
            bytes += size - windows[index].bytes
            windows[index].bytes = size
            folded += 1
            return sent + makeRoom(forKeys: 0)
        }
        sent += makeRoom(forKeys: 1)
        open(Window(key: key, deadline: now &+ policy.window, bytes: key.size))
        return sent + [CountedAlert(alert)]
    }

    /// Closes the oldest windows until the table is within its bounds.
    private mutating func makeRoom(forKeys count: Int) -> [CountedAlert] {
        var sent: [CountedAlert] = []
        while oldest >= 0, indexByKey.count + count > settings.maximumKeys || bytes > Self.maximumBytes {
            if let told = close(oldest) { sent.append(told) }
        }
        return sent
    }

    /// About the bytes that an alert takes.
    private static func size(of alert: Alert) -> Int {
        alert.fields.reduce(alert.message.count + 256) { sum, field in sum + 64 + size(of: field.value) }
    }

    private static func size(of value: AlertValue) -> Int {
        switch value {
        case .string(let text): text.count
        case .list(let values): values.reduce(0) { $0 + 32 + size(of: $1) }
        case .null, .signed, .unsigned, .bool, .double: 0
        }
    }

    /// Closes the windows that are at their end, oldest first; gives what goes out.
    mutating func close(now: UInt64) -> [CountedAlert] {
        guard now >= nextDeadline else { return [] }
        return close { $0.deadline <= now }
    }

    /// Closes all windows, oldest first; gives what goes out.
    mutating func closeAll() -> [CountedAlert] { close { _ in true } }

    private mutating func close(where isOver: (Window) -> Bool) -> [CountedAlert] {
        var sent: [CountedAlert] = []
        var index = oldest
        nextDeadline = .max
        while index >= 0 {
            let next = windows[index].newer
            if isOver(windows[index]) {
                if let told = close(index) { sent.append(told) }
            } else {
                nextDeadline = min(nextDeadline, windows[index].deadline)
            }
            index = next
        }
        return sent
    }

    private mutating func policy(for alert: Alert) -> Policy {
        if let known = policies[alert.rule] { return known }
        let override = settings.overrides.first { $0.selection.selects(alert) }
        let seconds = override?.windowSeconds ?? settings.windowSeconds
        let policy = Policy(
            window: UInt64(max(seconds, 0)) * 1_000_000_000, fields: override?.fields ?? settings.fields)
        policies[alert.rule] = policy
        return policy
    }

    private mutating func open(_ window: Window) {
        var window = window
        window.older = newest
        let index = free.popLast() ?? windows.count
        if index == windows.count { windows.append(window) } else { windows[index] = window }
        if newest >= 0 { windows[newest].newer = index } else { oldest = index }
        newest = index
        bytes += window.bytes
        indexByKey[window.key] = index
        nextDeadline = min(nextDeadline, window.deadline)
    }

    /// Closes one window; the alert that tells of its repeats, if there were any.
    private mutating func close(_ index: Int) -> CountedAlert? {
        guard windows.indices.contains(index) else { return nil }
        let window = windows[index]
        if window.older >= 0 { windows[window.older].newer = window.newer } else { oldest = window.newer }
        if window.newer >= 0 { windows[window.newer].older = window.older } else { newest = window.older }
        indexByKey[window.key] = nil
        bytes -= window.bytes
        // What is kept must not keep its memory.
        windows[index].last = nil
        windows[index].key = AlertKey.none
        free.append(index)
        return Self.summary(of: window)
    }

    private static func summary(of window: Window) -> CountedAlert? {
        guard let last = window.last else { return nil }
        var told = CountedAlert(last)
        told.count = window.repeats
        told.firstTimeNanoseconds = window.firstTimeNanoseconds
        let (first, time) = (window.firstTimeNanoseconds, last.timeNanoseconds)
        told.alert.fields += [
            ("shrike.repeats", .unsigned(window.repeats)), ("shrike.first_time", .unsigned(first)),
            ("shrike.last_time", .unsigned(time)),
        ]
        told.alert.message += " | shrike.repeats=\(window.repeats) shrike.first_time=".utf8
        told.alert.message += CountedAlert.timeText(first) + Array(" shrike.last_time=".utf8)
        told.alert.message += CountedAlert.timeText(time)
        return told
    }
}
