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

/// Which version of HTTP is spoken.
public enum HTTPVersion: String, Sendable, CaseIterable {
    /// HTTP/2 over TLS where the receiver offers it (ALPN, RFC 7301), else HTTP/1.1.
    case auto
    /// HTTP/1.1.
    case http1 = "1.1"
}

/// What a webhook needs besides what all outputs have.
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

    /// `http` or `https`.
    public var url: String
    /// What the body looks like.
    public var shape = PayloadShape.falco
    /// The body of `.template`.
    public var template = ""
    /// The `Content-Type` of `.template`.
    public var templateType = "application/json"
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
    /// Packs bodies with gzip.
    public var isCompressed = false
    /// Keeps the connection for the next request.
    public var keepsAlive = true
    /// Which version of HTTP is spoken.
    public var httpVersion = HTTPVersion.auto
    /// Writes answers' bodies to standard output, as Falco's `echo`.
    public var echoes = false
    /// Time-outs in a row that are not worth a word.
    public var quietTimeouts = 0

    /// A webhook with the defaults.
    public init(url: String) { self.url = url }
}
