/// What is known of a workload: what it does, how often, since when, and how much of it is still to be seen.
///
/// The event thread counts in it; others are handed copies.
public struct Profile: Sendable {
    /// Whose behaviour it is.
    public let identity: WorkloadIdentity
    /// The image with its tag; empty outside containers. At most 1,024 bytes, without control characters.
    public internal(set) var image: String
    /// The image before this one; empty when there was none.
    public internal(set) var predecessorImage = ""
    /// Since when the workload runs the image, seconds since the epoch; what was first seen later is new in it. 0: unknown.
    public internal(set) var imageSince: UInt32 = 0
    /// Whether somebody declared it complete: then nothing is learned any more.
    public var isFrozen = false
    /// When its first behaviour was seen, seconds since the epoch; 0: nothing was seen.
    public internal(set) var firstSeen: UInt32 = 0
    /// When the last event was, seconds since the epoch.
    public internal(set) var lastSeen: UInt32 = 0
    /// How often a container, service or process of it began.
    public internal(set) var runs: UInt32 = 0
    /// How many days it was seen on.
    public internal(set) var days: UInt32 = 0
    /// Windows in which it was seen.
    public internal(set) var windows: UInt32 = 0
    /// The hours of the day (UTC) that were seen to their end, a bit for each.
    public internal(set) var hours: UInt32 = 0

    /// What is counted of a kind.
    struct Tally: Sendable, Equatable {
        var mass = UnseenMass()
        /// Behaviours that are known.
        var known: UInt32 = 0
        /// Behaviours that found no room.
        var leftOut: UInt32 = 0
        /// Whether something wider than a name is known: then what isn't found is looked for so.
        var hasWider = false
        /// The window in which room was last looked for.
        var roomWindow: UInt32 = 0
    }

    var tallies = Array(repeating: Tally(), count: BehaviourKind.count)
    var table = BehaviourTable()
    /// Why behaviours are quarantined, by key.
    var reasons: [UInt64: String] = [:]
    /// Behaviours that the quarantine had no room for. They are told, and don't make a kind unsettled.
    public internal(set) var quarantineLeftOut: UInt32 = 0
    /// When such a behaviour was told last, by key, so that it isn't told with each event.
    var toldLeftOut: [UInt64: UInt32] = [:]
    /// Bytes that the behaviours take in a document, at most.
    var documentBytes = 0
    /// The latest process that brought something in.
    var lastIntroducer: UInt64 = 0
    /// What was added or changed since it was last kept.
    public internal(set) var isChanged = false

    /// An empty profile.
    public init(identity: WorkloadIdentity, image: String = "") {
        self.identity = identity
        self.image = Self.plain(image, longest: Self.longestImage)
    }

    /// A text without control characters, and not too long for documents.
    static func plain(_ text: String, longest: Int) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isControl = ProfileDocument.isControl(scalar)
            guard result.utf8.count + (isControl ? 1 : UTF8.width(scalar)) <= longest else { break }
            result.unicodeScalars.append(isControl ? " " : scalar)
        }
        return result
    }

    /// Bytes of an image's name.
    static let longestImage = 1024

    /// The behaviours, known and quarantined, in the order of documents.
    public var behaviours: [Behaviour] {
        table.entries.map { entry in
            Behaviour(
                kind: entry.kind, text: String(decoding: table.text(of: entry), as: UTF8.self), counts: entry.counts,
                quarantine: entry.isQuarantined ? reasons[entry.key] ?? Self.newReason : nil)
        }.sorted(by: Behaviour.isBefore)
    }

    /// The reason of what is quarantined because it came after the profile was settled.
    public static let newReason = "new"

    /// How much of a kind is unseen.
    public func unseenMass(of kind: BehaviourKind) -> UnseenMass { tallies[Int(kind.rawValue)].mass }

    /// How many behaviours of a kind are known.
    public func knownCount(of kind: BehaviourKind) -> Int { Int(tallies[Int(kind.rawValue)].known) }

    /// Behaviours of a kind that found no room: 0 unless it can never be settled.
    public func leftOut(of kind: BehaviourKind) -> Int { Int(tallies[Int(kind.rawValue)].leftOut) }

    /// Seconds that were looked at, in whole windows.
    public func coveredSeconds(_ settings: ProfileSettings) -> UInt64 {
        UInt64(windows) * UInt64(settings.windowSeconds)
    }

    /// Whether a kind is known well enough for something new to be told, apart from hours and phases.
    public func isSettled(_ kind: BehaviourKind, _ settings: ProfileSettings) -> Bool {
        if isFrozen { return true }
        let tally = tallies[Int(kind.rawValue)]
        guard tally.mass.windows > 0, tally.leftOut == 0 else { return false }
        return tally.mass.upperBound(risk: settings.risk) <= settings.unseenBound
    }

    /// How well the workload is known: settled when all kinds are that were looked at.
    public func state(_ settings: ProfileSettings) -> ProfileState {
        if isFrozen { return .frozen }
        var isSeen = false
        for kind in BehaviourKind.allCases where tallies[Int(kind.rawValue)].mass.windows > 0 {
            guard isSettled(kind, settings) else { return .learning }
            isSeen = true
        }
        return isSeen ? .settled : .learning
    }

    /// What it takes in memory, bytes: what is allocated, but for what the allocator adds.
    public var memory: Int {
        // A dictionary has a bit for each of its places, beside key and value, and fills three quarters of them (stdlib's
        // DictionaryStorage). A reason of more than 15 bytes has memory of its own.
        let reasonPlace = MemoryLayout<UInt64>.stride + MemoryLayout<String>.stride
        let told = toldLeftOut.capacity * (MemoryLayout<UInt64>.stride + MemoryLayout<UInt32>.stride) * 4 / 3
        return table.memory + tallies.capacity * MemoryLayout<Tally>.stride
            + reasons.capacity * reasonPlace * 4 / 3 + reasons.count * Self.longestReason / 4 + told
            + MemoryLayout<Profile>.size
    }

    /// Notes that it was kept.
    public mutating func noteKept() { isChanged = false }
}

/// How well a workload is known.
public enum ProfileState: UInt8, Sendable, Hashable, CaseIterable {
    /// Too much is unseen for something new to mean much.
    case learning
    /// Something new is told.
    case settled
    /// Somebody declared it complete.
    case frozen

    /// The state's word.
    public var word: String {
        switch self {
        case .learning: "learning"
        case .settled: "settled"
        case .frozen: "frozen"
        }
    }
}
