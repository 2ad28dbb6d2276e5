public import EventModel

/// What a request's body looks like.
public enum PayloadShape: String, Sendable, CaseIterable {
    /// Falco's JSON object, which Falcosidekick takes; several of them as an array.
    case falco
    /// The text line, as Falco sends it without `json_output`.
    case text
    /// A Slack message (incoming webhook).
    case slack
    /// Alertmanager's API v2, `POST /api/v2/alerts`.
    case alertmanager
    /// CloudEvents 1.0 in structured mode.
    case cloudevents
    /// OTLP/HTTP logs in JSON.
    case otlp
    /// The user's own text with placeholders.
    case template

    /// Whether a request can hold more than one alert.
    public var takesBatches: Bool {
        switch self {
        case .falco, .alertmanager, .cloudevents, .otlp: true
        case .text, .slack, .template: false
        }
    }
}

/// A webhook as it is configured.
public struct WebhookSettings: Sendable, Equatable {
    /// A header line of each request.
    public struct Header: Sendable, Equatable {
        /// The name, a token (RFC 9110, section 5.6.2).
        public var name: String
        /// The value, without line breaks.
        public var value: String
        /// A header from its parts.
        public init(name: String, value: String) { (self.name, self.value) = (name, value) }
    }

    /// Its name in messages and in the spool; another name is another output.
    public var name: String
    /// `http` or `https`.
    public var url: String
    /// What the body looks like.
    public var shape = PayloadShape.falco
    /// The body of `.template`.
    public var template = ""
    /// The `Content-Type` of `.template`.
    public var templateType = "application/json"
    /// Alerts less severe than this are not sent.
    public var minimumPriority = Priority.debug
    /// Names of rules whose alerts are sent, `*` standing for any text; empty: all.
    public var rules: [String] = []
    /// Tags of which an alert must have one; empty: all.
    public var tags: [String] = []
    /// Further headers.
    public var headers: [Header] = []
    /// The `User-Agent`.
    public var userAgent = "shrike"
    /// A file with a bearer token; empty: none.
    public var bearerTokenFile = ""
    /// An environment variable with a bearer token; empty: none.
    public var bearerTokenVariable = ""
    /// Most alerts in a request, from 1.
    public var batchSize = 1
    /// The time in which a connection must stand, in milliseconds.
    public var connectTimeoutMilliseconds = 5000
    /// The time in which a request must be answered, in milliseconds.
    public var timeoutMilliseconds = 30_000
    /// Packs bodies with gzip.
    public var isCompressed = false
    /// Keeps the connection for the next request.
    public var keepsAlive = true
    /// Writes answers' bodies to standard output, as Falco's `echo`.
    public var echoes = false
    /// Time-outs in a row that are not worth a word.
    public var quietTimeouts = 0
    /// Checks the receiver's certificate and its name.
    public var verifiesPeer = true
    /// A file with the certificates to trust; empty: the system's.
    public var caFile = ""
    /// A directory of hashed certificates to trust; empty: the system's.
    public var caDirectory = ""
    /// A file with the client's certificate; empty: none.
    public var certificateFile = ""
    /// A file with its key.
    public var keyFile = ""

    /// A webhook with the defaults.
    public init(name: String, url: String) { (self.name, self.url) = (name, url) }

    /// Whether an alert is to be sent. Rules and tags choose among rules' alerts; Shrike's own, which tell of losses and
    /// blindness, only need the priority.
    func wants(priority: Priority, rule: String, tags alertTags: [String], source: String) -> Bool {
        guard priority <= minimumPriority else { return false }
        if source == "internal" { return true }
        if !rules.isEmpty, !rules.contains(where: { Wildcard.matches(Array(rule.utf8), Array($0.utf8)) }) {
            return false
        }
        return tags.isEmpty || tags.contains(where: alertTags.contains)
    }
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
