import Glibc
import KernelInterface

/// What puts audit back as it was before Shrike, by whoever is left to do it: kept in a file while Shrike runs.
public struct AuditRestoration: Sendable, Equatable {
    /// The key of Shrike's rules.
    public let key: String
    /// The settings from before; those that Shrike did not change are nil.
    var settings = AuditStatusChange()

    /// Only the rules with this key.
    public init(key: String) { self.key = key }

    init(key: String, settings: AuditStatusChange) { (self.key, self.settings) = (key, settings) }

    /// One line: `key=shrike enabled=0 backlog_limit=64`, with the names of `auditctl -s`.
    public var text: String {
        var words = ["key=\(key)"]
        if let isEnabled = settings.isEnabled { words.append("enabled=\(isEnabled ? 1 : 0)") }
        for (name, path) in Self.numbers {
            if let value = settings[keyPath: path] { words.append("\(name)=\(value)") }
        }
        return words.joined(separator: " ")
    }

    /// Reads a line; nil when it is none of ours.
    public init?(text: some StringProtocol) {
        var values: [Substring: Substring] = [:]
        for word in Substring(text).split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            values[parts[0]] = parts[1]
        }
        guard let key = values["key"] else { return nil }
        self.key = String(key)
        if let enabled = values["enabled"] { settings.isEnabled = enabled != "0" }
        for (name, path) in Self.numbers { settings[keyPath: path] = values[Substring(name)].flatMap { UInt32($0) } }
    }

    private static var numbers: [(String, WritableKeyPath<AuditStatusChange, UInt32?>)] {
        [
            ("backlog_limit", \.backlogLimit), ("backlog_wait_time", \.backlogWaitTime), ("rate_limit", \.rateLimit),
        ]
    }

    /// Puts the settings back, unless somebody owns audit now, and takes the rules back; gives how many rules that were.
    public func apply() throws(AuditFailure) -> Int { try apply(NetlinkAuditControl()) }

    func apply(_ control: any AuditControl) throws(AuditFailure) -> Int {
        let status = try control.status()
        guard status.enabled != .immutable else { return 0 }
        // The kernel remembers an owner that was killed until it has something to send.
        let isOwned = status.pid != 0 && (kill(status.pid, 0) == 0 || errno == EPERM)
        if !isOwned { try control.apply(settings) }
        let bytes = Array(key.utf8)
        var count = 0
        for rule in try control.rules() where rule.keys.contains(bytes) {
            do throws(AuditFailure) {
                try control.remove(rule)
                count += 1
            } catch {
                // Somebody else has taken it back meanwhile.
                if error.errorNumber != ENOENT { throw error }
            }
        }
        return count
    }
}

extension AuditSource {
    /// What puts audit back as it was before; nil where nothing was changed.
    public var restoration: AuditRestoration? {
        canConfigure ? AuditRestoration(key: options.key, settings: state.before) : nil
    }

    /// The process id of a Shrike whose rules have this key, by what its rules say of it and only who may change audit's rules
    /// can make them say; nil for none that runs.
    public static func watcher(key: String) -> Int32? {
        guard let rules = try? NetlinkAuditControl().rules() else { return nil }
        let bytes = Array(key.utf8)
        for rule in rules where rule.keys.contains(bytes) {
            for field in rule.fields where field.kind == .parent || field.kind == .pid {
                guard let pid = Int32(exactly: field.number), pid > 0, pid != getpid() else { continue }
                // One that has ended and was not waited for has a name still, but no command line.
                guard ProcessFile.text("/proc/\(pid)/comm")?.hasPrefix("shrike") == true,
                    ProcessFile.text("/proc/\(pid)/cmdline")?.isEmpty == false
                else { continue }
                return pid
            }
        }
        return nil
    }
}
