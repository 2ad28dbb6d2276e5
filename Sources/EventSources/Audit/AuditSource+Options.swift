extension AuditSource {
    /// Choices and bounds.
    public struct Options: Sendable {
        /// The key of our rules; rules with another are foreign.
        public var key = "shrike"
        /// The socket's buffer: a record takes about 2 KB of it.
        public var receiveBufferBytes: Int32 = 32 << 20
        /// Records that may wait in the kernel while we own audit.
        public var backlogLimit: UInt32 = 16384
        /// Where the host's root directory is mounted for us; empty on the host itself.
        public var hostRoot = ""
        /// What a run before changed and did not put back, being killed.
        public var inherited: AuditRestoration?
        /// The kernel's count of lost records from which on losses are to be told of; nil: from the start on.
        var lostBefore: UInt32?
        /// Keys of another Shrike's rules, which hide its own calls and nothing else.
        public var friendKeys: [String] = []
        /// Whether the kernel makes no events of this process's calls. One beside another would hide something from that.
        public var hidesOwnCalls = true
        /// Whether rules of others that hide something wherever they stand (`never,task`, `never,filesystem`, `exclude`) are taken
        /// out. Those that were there at the start are put back at the end.
        public var takesOutHidingRules = true
        /// How to receive: nil chooses the owner where nobody is.
        public var mode: Mode?
        /// How long a process that makes records may wait for room, in the kernel's ticks (a tenth of a second at 250 a
        /// second), once records were lost: that slows who floods to what can be read, instead of losing what others do.
        /// 0: never. Without loss nobody waits.
        public var overloadWaitTicks: UInt32 = 25
        /// How often the state (owner, loss, settings) is looked at.
        public var statusIntervalNanoseconds: UInt64 = 5_000_000_000
        /// How often the rules are.
        public var rulesIntervalNanoseconds: UInt64 = 3_000_000_000
        /// How often files that were missing, and links, are looked at anew.
        public var planIntervalNanoseconds: UInt64 = 60_000_000_000

        /// The usual choices.
        public init() {}
    }

    /// How records come.
    public enum Mode: Sendable, Equatable { case owner, multicast }
}
