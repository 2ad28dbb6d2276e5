public import EventModel

/// A rule of Shrike's own: what one kind of its alerts about the watching itself is called, and what to do about it. All are in
/// `catalogue`, so that who routes or silences alerts by rule finds every name that may come.
public struct InternalRule: Sendable, Equatable {
    /// What an alert's `rule` says, `Shrike internal: …`.
    public let name: String
    /// How severe its alerts are, most severe first: more than one where it depends on what happened.
    public let priorities: [Priority]
    /// What has happened when it is raised.
    public let meaning: String
    /// What the reader should do.
    public let remedy: String

    init(_ what: String, _ priorities: Priority..., meaning: String, remedy: String) {
        (self.name, self.priorities) = ("Shrike internal: \(what)", priorities)
        (self.meaning, self.remedy) = (meaning, remedy)
    }
}

// MARK: Sources

extension InternalRule {
    /// A source lost events.
    public static func lost(_ source: SourceKind) -> InternalRule {
        InternalRule(
            "\(source.name) events lost", .error,
            meaning: "\(source.name) could not deliver events; what they told is unknown",
            remedy: "find who floods the node (the alert names who did most); larger buffers and narrower rules help")
    }

    /// Somebody changed what a source had set up in the kernel.
    public static func tampered(_ source: SourceKind) -> InternalRule {
        InternalRule(
            "\(source.name) tampered", .critical,
            meaning:
                "somebody changed in the kernel what \(source.name) had set up; it was put back where that is possible",
            remedy: "look who did it: the alert says so where the kernel tells; it takes root")
    }

    /// A source can't see what rules ask for.
    public static func blind(_ source: SourceKind) -> InternalRule {
        InternalRule(
            "\(source.name) blind", .critical, meaning: "\(source.name) does not see what rules ask for",
            remedy: "do what the alert says; `shrike doctor` looks for the cause")
    }

    /// A source sees again.
    public static func recovered(_ source: SourceKind) -> InternalRule {
        InternalRule(
            "\(source.name) recovered", .notice, meaning: "\(source.name) sees again what rules ask for",
            remedy: "nothing; what happened since the alert before was not seen")
    }
}

// MARK: Outputs and delivery

extension InternalRule {
    /// Alerts of rules are lost.
    public static let alertsLost = InternalRule(
        "alerts lost", .critical,
        meaning: "alerts could not be kept until an output took them: the least severe are gone",
        remedy: "mend the output that the alert names, or give the spool more room")

    /// An output's reader stands still.
    public static let outputStalled = InternalRule(
        "output stalled", .error, meaning: "an output's reader stands still; its alerts wait in memory, within a bound",
        remedy: "look at who reads the output that the alert names")

    /// An output can't be written to.
    public static let outputFailing = InternalRule(
        "output failing", .error, meaning: "an output can't be written to; it is tried again each second",
        remedy: "mend what the alert names (full disk, missing program, limit of a file's size)")

    /// The spool on disk was damaged or gone.
    public static let spoolDamaged = InternalRule(
        "spool damaged", .critical, meaning: "the spool could not be used; it was set aside and a new one begun",
        remedy: "keep the file that the alert names: it has alerts that were not sent")

    /// The spool can't be written.
    public static let spoolFailing = InternalRule(
        "spool failing", .error, meaning: "alerts for the network can't be written to disk and wait in memory",
        remedy: "make room on the disk, or mend it")

    /// A receiver refused alerts.
    public static let alertsRefused = InternalRule(
        "alerts refused", .error,
        meaning: "a receiver answered that it does not take alerts; they are not sent again by themselves",
        remedy: "`shrike spool rejected` shows them and the answer, `shrike spool retry` sends them again")

    /// Nothing is sent over the network any more.
    public static let deliveryEnded = InternalRule(
        "delivery ended", .critical, meaning: "the process that starts the forwarder was ended by somebody",
        remedy: "start Shrike again: what waits in the spool is sent then")
}

// MARK: The daemon

extension InternalRule {
    /// Changed rules and configuration are in effect.
    public static let reloaded = InternalRule(
        "configuration reloaded", .notice, meaning: "changed rules and configuration are in effect",
        remedy: "nothing, if the change was yours")

    /// Changed rules or configuration were not taken.
    public static let rejected = InternalRule(
        "configuration rejected", .error, meaning: "changed rules or configuration were not taken, the old ones stay",
        remedy: "`shrike run --dry-run` names every mistake")

    /// Less is watched, to keep within the limits.
    public static let loadShed = InternalRule(
        "load shed", .error,
        meaning: "Shrike used more than `shrike.limits` allows and does without what the alert names",
        remedy: "look what the node does; raise the limit, or load fewer rules")

    /// What was shed is watched again.
    public static let watchingMore = InternalRule(
        "watching more again", .notice, meaning: "what was shed is watched again", remedy: "nothing")

    /// Nobody watched for a time.
    public static let notWatched = InternalRule(
        "not watched", .critical, .notice,
        meaning: "no Shrike ran on this node for a time: stopped in order (Notice), or ended without a word (Critical)",
        remedy: "look who ended it; what happened in between is not known")

    /// The sensor did not run for a time.
    public static let stoodStill = InternalRule(
        "stood still", .critical,
        meaning: "the sensor did not run for seconds: stopped, paused, or the node is overloaded",
        remedy: "look who sent SIGSTOP where the alert names somebody")

    /// Somebody traces the sensor.
    public static let traced = InternalRule(
        "traced", .critical, meaning: "a process traces the sensor and can change what it does",
        remedy: "look at that process")

    /// A file that Shrike runs by was replaced.
    public static let fileReplaced = InternalRule(
        "file replaced", .critical, .warning,
        meaning:
            "Shrike's program, or a file that it relies on, was replaced (Critical) or changed by an update (Warning)",
        remedy: "an update of Shrike does this too: restart it then")

    /// The sensor tried what it never needs.
    public static let callRefused = InternalRule(
        "system call refused", .critical,
        meaning: "the sensor tried a system call that it never needs, and was refused",
        remedy: "somebody runs code in it, or it is a defect: then please report it")

    /// A program made a call that its seccomp filter does not allow.
    public static let seccompTold = InternalRule(
        "seccomp filter", .warning, .notice,
        meaning:
            "a program made a system call that its seccomp filter refused (Warning) or let pass and told of (Notice); each call of a workload is told once a day",
        remedy:
            "add the call to the profile if the program needs it (the alert has the line); else look what the program does"
    )

    /// An exception that was made for a time holds no longer.
    public static let exceptionExpired = InternalRule(
        "exception expired", .warning,
        meaning: "an exception that was made for a time holds no longer: the rule alerts again on what it kept quiet",
        remedy: "take the exception out, or make it anew (`shrike tune`) if it is still needed; its name says by whom")

    /// Correlations had too many keys.
    public static let correlationKeysGivenUp = InternalRule(
        "correlation keys given up", .warning,
        meaning:
            "a correlation had more keys (process trees, users, …) than it remembers; it gave up those of who made most",
        remedy: "look who makes so many; let the correlation's events be fewer, or its key be a wider one")

    /// A recording ends before its run.
    public static let recordingEnded = InternalRule(
        "recording ended", .warning, meaning: "`shrike record` goes on watching, but writes nothing down any more",
        remedy: "the alert says why: make room, give it a wider --limit or a faster disk; what is there can be replayed"
    )

    /// Shrike ends.
    public static let stopping = InternalRule(
        "stopping", .notice, meaning: "Shrike was told to end", remedy: "nothing, if that was you")

    /// Counters, each interval.
    public static let metricsSnapshot = InternalRule(
        "metrics snapshot", .informational, meaning: "Shrike's counters, each `metrics.interval`", remedy: "nothing")
}

extension InternalRule {
    /// All rules whose alerts may come.
    public static var catalogue: [InternalRule] {
        SourceKind.allCases.flatMap { [lost($0), tampered($0), blind($0), recovered($0)] } + [
            alertsLost, outputStalled, outputFailing, spoolDamaged, spoolFailing, alertsRefused, deliveryEnded,
            reloaded,
            rejected, loadShed, watchingMore, notWatched, stoodStill, traced, fileReplaced, callRefused,
            seccompTold, exceptionExpired, correlationKeysGivenUp, recordingEnded, stopping, metricsSnapshot,
        ]
    }
}
