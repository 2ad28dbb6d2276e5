import Glibc
import KernelInterface

/// What puts audit back as it was before Shrike, by whoever is left to do it: kept in a file while Shrike runs.
public struct AuditRestoration: Sendable, Equatable {
    /// The key of Shrike's rules.
    public let key: String
    /// The settings from before; those that Shrike did not change are nil.
    var settings = AuditStatusChange()
    /// Rules of others that Shrike took out.
    var rules: [AuditRule] = []

    /// For how long what is queued in the kernel may keep the settings from being put back.
    private static let patienceMilliseconds = 5000

    /// Only the rules with this key.
    public init(key: String) { self.key = key }

    init(key: String, settings: AuditStatusChange, rules: [AuditRule] = []) {
        (self.key, self.settings, self.rules) = (key, settings, rules)
    }

    /// One line: `key=shrike enabled=0 backlog_limit=64`, with the names of `auditctl -s`, and a `rule=` for each rule of others that
    /// is to be put back.
    public var text: String {
        var words = ["key=\(key)"]
        if let isEnabled = settings.isEnabled { words.append("enabled=\(isEnabled ? 1 : 0)") }
        for (name, path) in Self.numbers {
            if let value = settings[keyPath: path] { words.append("\(name)=\(value)") }
        }
        words += rules.map { "rule=\($0.compactText)" }
        return words.joined(separator: " ")
    }

    /// Reads a line; nil when it is none of ours.
    public init?(text: some StringProtocol) {
        var values: [Substring: Substring] = [:]
        for word in Substring(text).split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            if parts[0] == "rule" {
                if let rule = AuditRule(compactText: parts[1]) { rules.append(rule) }
            } else {
                values[parts[0]] = parts[1]
            }
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
        let isOwned = status.pid != 0 && AuditDiagnosis.isRunning(status.pid)
        if !isOwned { try control.apply(settings.ofEvents) }
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
        for rule in rules {
            do throws(AuditFailure) { try control.add(rule, first: false) } catch {
                if error.errorNumber != EEXIST { throw error }
            }
        }
        TemplateDirectories.standard(key: key).remove()
        if !isOwned { try control.restoreLimits(patience: Self.patienceMilliseconds) { _ in settings.ofLimits } }
        return count
    }
}

extension AuditSource {
    /// What puts audit back as it was before; nil where nothing was changed.
    public var restoration: AuditRestoration? {
        canConfigure ? AuditRestoration(key: options.key, settings: state.before, rules: state.takenOut) : nil
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
