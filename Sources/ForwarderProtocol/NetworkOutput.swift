public import EventModel

/// An output over the network as it is configured: what all kinds have, and what its own kind needs.
public struct NetworkOutput: Sendable, Equatable {
    /// What kind of receiver it has.
    public enum Kind: Sendable, Equatable {
        /// An HTTP endpoint.
        case webhook(WebhookSettings)
        /// A syslog server.
        case syslog(SyslogSettings)
    }

    /// Its name in messages and in the spool; another name is another output.
    public var name: String
    /// Which alerts it gets.
    public var filter = AlertFilter()
    /// How the connection is made.
    public var connection = ConnectionSettings()
    /// What kind of receiver it has.
    public var kind: Kind

    /// An output with the defaults.
    public init(name: String, kind: Kind) { (self.name, self.kind) = (name, kind) }

    /// The files that the forwarder reads before it gives up its privileges.
    public var credentialFiles: [String] {
        var files = [connection.caFile, connection.certificateFile, connection.keyFile]
        if case .webhook(let webhook) = kind { files.append(webhook.bearerTokenFile) }
        return files.filter { !$0.isEmpty }
    }
}

/// Which alerts an output gets.
public struct AlertFilter: Sendable, Equatable {
    /// Alerts less severe than this are not sent.
    public var minimumPriority = Priority.debug
    /// Names of rules whose alerts are sent, `*` standing for any text; empty: all.
    public var rules: [String] = []
    /// Tags of which an alert must have one; empty: all.
    public var tags: [String] = []

    /// A filter that lets everything pass.
    public init() {}

    /// Whether an alert is to be sent. Rules and tags choose among rules' alerts; Shrike's own, which tell of losses and
    /// blindness, only need the priority.
    public func wants(priority: Priority, rule: String, tags alertTags: [String], source: String) -> Bool {
        guard priority <= minimumPriority else { return false }
        if source == "internal" { return true }
        if !rules.isEmpty, !rules.contains(where: { Wildcard.matches(Array(rule.utf8), Array($0.utf8)) }) {
            return false
        }
        return tags.isEmpty || tags.contains(where: alertTags.contains)
    }
}

/// How a connection is made and secured.
public struct ConnectionSettings: Sendable, Equatable {
    /// The time in which a connection must stand, in milliseconds.
    public var connectTimeoutMilliseconds = 5000
    /// The time in which the receiver must answer, in milliseconds.
    public var timeoutMilliseconds = 30_000
    /// Checks the receiver's certificate and its name.
    public var verifiesPeer = true
    /// A file with the certificates to trust; empty: the system's.
    public var caFile = ""
    /// A directory of hashed certificates to trust; empty: the system's.
    public var caDirectory = ""
    /// A file with the client's certificate; empty: none.
    public var certificateFile = ""
    /// A file with its key; empty: it is in the certificate's file.
    public var keyFile = ""

    /// The defaults.
    public init() {}
}

/// Names with `*` for any text.
enum Wildcard {
    /// Whether the whole text matches the pattern. Linear but for one way back, so no pattern is slow.
    static func matches(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
        var (position, index) = (0, 0)
        var retry: (position: Int, index: Int)?
        while position < text.count {
            if index < pattern.count, pattern[index] == UInt8(ascii: "*") {
                index += 1
                retry = (position, index)
            } else if index < pattern.count, pattern[index] == text[position] {
                (position, index) = (position + 1, index + 1)
            } else if let last = retry {
                retry = (last.position + 1, last.index)
                (position, index) = (last.position + 1, last.index)
            } else {
                return false
            }
        }
        return pattern[index...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
