import RuleEngine

/// When alerts are folded: `shrike.repeats`.
public struct RepeatSettings: Sendable, Equatable {
    /// A different setting for some alerts; nil: as for all.
    public struct Override: Sendable, Equatable {
        /// For which alerts.
        public var selection = AlertSelection()
        /// The window in seconds; 0: not folded.
        public var windowSeconds: Int?
        /// The fields that are compared.
        public var fields: [String]?
        /// No difference.
        public init() {}
    }

    /// How long equal alerts are counted after the first, in seconds; 0: not at all.
    public var windowSeconds = 0
    /// The fields that are compared; empty: all of a rule's output that do not only tell two occurrences apart.
    public var fields: [String] = []
    /// Most different alerts that are remembered, from 16.
    public var maximumKeys = 4096
    /// Settings for some alerts; the first that selects an alert counts.
    public var overrides: [Override] = []
    /// Nothing is folded.
    public init() {}
}

extension RepeatSettings {
    /// A remark about the rules whose outputs lack fields that repeats are to be compared by; nil when there are none.
    public func remark(on rules: [CompiledRule]) -> String? {
        var lacking: [(rule: String, field: String)] = []
        for rule in rules {
            let override = overrides.first { $0.selection.selects(rule: rule.name, rule.priority, tags: rule.tags) }
            guard override?.windowSeconds ?? windowSeconds > 0 else { continue }
            let keys = Set(rule.outputKeys)
            if let field = (override?.fields ?? fields).first(where: { !keys.contains($0) }) {
                lacking.append((rule.name, field))
            }
        }
        guard let first = lacking.first else { return nil }
        return
            "the outputs of \(lacking.count) of \(rules.count) rules lack a field of shrike.repeats, e.g. '\(first.rule)' "
            + "lacks \(first.field): their repeats are compared by all fields; append_output adds fields"
    }
}

/// How many alerts of a rule go out: `shrike.rate_limit`.
public struct RateLimitSettings: Sendable, Equatable {
    /// A different limit for some alerts; nil: as for all.
    public struct Override: Sendable, Equatable {
        /// For which alerts.
        public var selection = AlertSelection()
        /// Alerts in an interval; 0: no limit.
        public var alertsPerRule: Int?
        /// The interval in seconds.
        public var intervalSeconds: Int?
        /// Most alerts at once; 0: as many as in an interval.
        public var burst: Int?
        /// No difference.
        public init() {}
    }

    /// Alerts of a rule in an interval; 0: no limit.
    public var alertsPerRule = 0
    /// The interval in seconds, from 1; also how often is told of what was held back.
    public var intervalSeconds = 60
    /// Most alerts of a rule at once; 0: as many as in an interval.
    public var burst = 0
    /// Limits for some alerts; the first that selects an alert counts.
    public var overrides: [Override] = []
    /// No limit.
    public init() {}
}

/// Falco's old `outputs`: a limit that is used where `shrike.rate_limit` sets none.
public struct FalcoRateLimit: Sendable, Equatable {
    /// Alerts a second; 0: no limit.
    public var rate = 0
    /// Most alerts at once, from 1.
    public var maximumBurst = 1000
    /// Falco's last defaults.
    public init() {}
}

/// What makes fewer alerts of many.
public struct ReductionSettings: Sendable, Equatable {
    /// When repeats of an alert are folded.
    public var repeats: RepeatSettings
    /// How many alerts of a rule go out.
    public var rateLimit: RateLimitSettings

    /// Settings from their parts; without any, all alerts go out.
    public init(repeats: RepeatSettings = RepeatSettings(), rateLimit: RateLimitSettings = RateLimitSettings()) {
        self.repeats = repeats
        self.rateLimit = rateLimit
    }
}
