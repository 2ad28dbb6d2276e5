/// Gathers what one deed of somebody shows as: `auditctl -D` takes a second and is seen in pieces, and is one alert.
struct DeedFolding {
    /// A deed that is over, or has been going on for so long that it is told.
    struct Deed: Sendable, Equatable {
        var kind: Kind
        /// In how many pieces it was seen.
        var count: UInt64
        /// The first piece, as a sentence.
        var detail: String
        /// Who did it, as part of a sentence; empty when no record told.
        var culprit: String
        /// Whether one of its kind was told a short while ago.
        var isFurther: Bool
    }

    /// What was done.
    enum Kind: Sendable, Hashable {
        case removedRules
        /// A setting, by its name.
        case setting(String)
        /// Rules of others that hide something.
        case hidingRules
    }

    private struct Open {
        var deed: Deed
        var first: UInt64
        var last: UInt64
    }

    /// Nothing more for so long: the deed is over.
    static let quietNanoseconds: UInt64 = 1_000_000_000
    /// Told after so long even while it goes on.
    static let patienceNanoseconds: UInt64 = 3_000_000_000
    /// Once told, more of the same is told again after so long, as one.
    static let holdNanoseconds: UInt64 = 60_000_000_000

    private var open: [Kind: Open] = [:]
    private var told: [Kind: UInt64] = [:]

    /// Takes a piece of a deed; `now` is CLOCK_MONOTONIC.
    mutating func take(_ kind: Kind, count: UInt64 = 1, detail: String = "", culprit: String, now: UInt64) {
        guard var one = open[kind] else {
            open[kind] = Open(
                deed: Deed(kind: kind, count: count, detail: detail, culprit: culprit, isFurther: false), first: now,
                last: now)
            return
        }
        one.deed.count &+= count
        if one.deed.culprit.isEmpty { one.deed.culprit = culprit }
        one.last = now
        open[kind] = one
    }

    /// The deeds that are to be told now.
    mutating func due(now: UInt64) -> [Deed] {
        told = told.filter { now &- $0.value < Self.holdNanoseconds }
        var deeds: [Deed] = []
        for (kind, one) in open {
            let isOver = now &- one.last >= Self.quietNanoseconds || now &- one.first >= Self.patienceNanoseconds
            guard isOver, told[kind] == nil else { continue }
            var deed = one.deed
            deed.isFurther = now &- one.first >= Self.holdNanoseconds / 2
            deeds.append(deed)
            open[kind] = nil
            told[kind] = now
        }
        return deeds.sorted { "\($0.kind)" < "\($1.kind)" }
    }
}
