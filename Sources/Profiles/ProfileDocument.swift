/// A profile as a YAML text that people review and compare: sorted, a behaviour a line.
public enum ProfileDocument {
    /// The version that is written and read.
    public static let version = 1
    /// Bytes of a document that are read.
    public static let longest = 4 << 20
    /// Behaviours of a document that are read.
    public static let mostBehaviours = 32_768
    /// Bytes that behaviours may take in a document; the rest is for what comes before them.
    static let mostBytes = longest - 16 << 10

    /// Bytes that a behaviour takes in a document, at most.
    static func bytes(of text: ArraySlice<UInt8>, reason: String?) -> Int {
        // All but the texts, with the largest numbers and all phases, has 162; `because` has 13 more.
        176 + quotedBytes(text) + (reason.map { 16 + quotedBytes(Array($0.utf8)[...]) } ?? 0)
    }

    private static func quotedBytes(_ text: ArraySlice<UInt8>) -> Int {
        text.count + text.count { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    }

    /// The document of a profile.
    public static func text(of profile: Profile) -> String {
        var text = """
            # What Shrike knows of a workload. docs/learning.md says what the parts mean and what may be changed.
            shrike_profile: \(version)
            workload: \(quoted(profile.identity.text))

            """
        if !profile.image.isEmpty { text += "image: \(quoted(profile.image))\n" }
        if !profile.predecessorImage.isEmpty {
            text += "predecessor_image: \(quoted(profile.predecessorImage))\n"
            text += "image_since: \(ProfileTime.text(profile.imageSince))\n"
        }
        if profile.isFrozen { text += "frozen: true\n" }
        if profile.lastSeen != 0 {
            text += "first_seen: \(ProfileTime.text(profile.firstSeen))\n"
            text += "last_seen: \(ProfileTime.text(profile.lastSeen))\n"
        }
        text += "runs: \(profile.runs)\ndays: \(profile.days)\nwindows: \(profile.windows)\n"
        let hours = (0..<24).filter { profile.hours >> UInt32($0) & 1 == 1 }.map(String.init)
        text += "hours: [\(hours.joined(separator: ", "))]\n"
        if profile.quarantineLeftOut > 0 { text += "quarantine_left_out: \(profile.quarantineLeftOut)\n" }
        text += "kinds:"
        var isEmpty = true
        for kind in BehaviourKind.allCases {
            let tally = profile.tallies[Int(kind.rawValue)]
            guard tally.mass.windows > 0 || tally.leftOut > 0 else { continue }
            text += "\n  \(kind.word): {windows: \(tally.mass.windows), quiet: \(tally.mass.quietWindows)"
            if tally.leftOut > 0 { text += ", left_out: \(tally.leftOut)" }
            text += "}"
            isEmpty = false
        }
        text += isEmpty ? " {}\n" : "\n"
        let behaviours = profile.behaviours
        append("behaviours", behaviours.filter { $0.quarantine == nil }, to: &text)
        append("quarantined", behaviours.filter { $0.quarantine != nil }, to: &text)
        return text
    }

    private static func append(_ section: String, _ behaviours: [Behaviour], to text: inout String) {
        text += "\(section):"
        guard !behaviours.isEmpty else {
            text += " {}\n"
            return
        }
        text += "\n"
        var kind: BehaviourKind?
        for behaviour in behaviours {
            if behaviour.kind != kind {
                kind = behaviour.kind
                text += "  \(behaviour.kind.word):\n"
            }
            let counts = behaviour.counts
            text += "    - {what: \(quoted(behaviour.text))"
            if let reason = behaviour.quarantine { text += ", because: \(quoted(reason))" }
            text += ", count: \(counts.count), windows: \(counts.windows), runs: \(counts.runs)"
            text += ", first: \(ProfileTime.text(counts.firstSeen)), last: \(ProfileTime.text(counts.lastSeen))"
            let phases = BehaviourPhases.words.filter { counts.phases.contains($0.phase) }.map(\.word)
            text += ", phases: [\(phases.joined(separator: ", "))]}\n"
        }
    }

    /// A YAML scalar in double quotes.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where isControl(scalar): result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Whether YAML takes it for no character or for a line's end (YAML 1.1, 5.1 and 5.4): profiles have a blank for it.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{2028}", "\u{2029}", "\u{feff}", "\u{fffe}", "\u{ffff}": true
        default: false
        }
    }
}

/// Why a document is no profile.
public struct ProfileDocumentError: Error, Sendable, Hashable {
    /// What is wrong with it.
    public enum Reason: Sendable, Hashable {
        /// No YAML, or not the keys and values of a profile.
        case corrupt
        /// Of a version that this Shrike does not know.
        case version
        /// Its numbers can't all be true.
        case contradictory
        /// More than is read.
        case tooLarge
    }

    /// What kind of problem it is.
    public var reason: Reason
    /// What is wrong, what was expected, how to mend it.
    public var message: String
    /// Line, from 1.
    public var line: Int
    /// Column, from 1.
    public var column: Int

    /// An error at a place.
    public init(_ reason: Reason, _ message: String, line: Int, column: Int) {
        self.reason = reason
        self.message = message
        self.line = line
        self.column = column
    }

    /// `FILE:LINE:COLUMN: MESSAGE`.
    public func text(file: String) -> String { "\(file):\(line):\(column): \(message)" }
}
