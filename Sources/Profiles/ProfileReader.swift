import YAMLTree

extension ProfileDocument {
    /// Reads a profile. Nothing is guessed: what is not understood is refused.
    public static func read(_ bytes: [UInt8]) throws(ProfileDocumentError) -> Profile {
        guard bytes.count <= longest else {
            throw ProfileDocumentError(
                .tooLarge,
                "the profile has \(bytes.count) bytes; at most \(longest) are read: forget some of its behaviours",
                line: 1, column: 1)
        }
        let documents: [YAMLNode]
        do throws(YAMLSyntaxError) {
            documents = try YAMLDocument.parse(
                bytes: bytes, limits: YAMLLimits(bytes: longest, nodes: mostBehaviours * 24, depth: 8))
        } catch let problem {
            throw ProfileDocumentError(
                .corrupt, problem.message + (problem.hint.map { "; \($0)" } ?? ""), line: problem.line,
                column: problem.column)
        }
        guard let root = documents.first, documents.count == 1 else {
            throw ProfileDocumentError(
                .corrupt, "the file has \(documents.count) documents, expected one profile", line: 1, column: 1)
        }
        return try ProfileReader(root).profile()
    }
}

/// Turns a tree into a profile.
private struct ProfileReader {
    private let root: YAMLNode

    init(_ root: YAMLNode) { self.root = root }

    func profile() throws(ProfileDocumentError) -> Profile {
        guard root.pairs != nil else {
            throw error(root, "the document is \(root.kindInWords), expected a mapping with 'shrike_profile'")
        }
        try checkVersion()
        try check(root, known: Self.keys)
        let identityNode = try value(root, "workload")
        guard let text = identityNode.text, let identity = WorkloadIdentity(text: text) else {
            throw error(
                identityNode,
                "'workload' names none, expected k8s/NAMESPACE/OWNER/CONTAINER, container/NAME/IMAGE, unit/NAME or program/UID/PATH"
            )
        }
        var profile = Profile(identity: identity, image: try optionalText(root, "image"))
        profile.predecessorImage = try optionalText(root, "predecessor_image")
        profile.imageSince = try optionalTime(root, "image_since")
        profile.isFrozen = try bool(root, "frozen")
        profile.firstSeen = try optionalTime(root, "first_seen")
        profile.lastSeen = try optionalTime(root, "last_seen")
        profile.runs = try number(root, "runs")
        profile.days = try number(root, "days")
        profile.windows = try number(root, "windows")
        profile.hours = try hours()
        if root["quarantine_left_out"] != nil { profile.quarantineLeftOut = try number(root, "quarantine_left_out") }
        guard profile.firstSeen <= profile.lastSeen else {
            throw error(
                root, .contradictory, "'first_seen' is later than 'last_seen'; mend the times or forget the profile")
        }
        try readKinds(into: &profile)
        try readBehaviours("behaviours", into: &profile)
        try readBehaviours("quarantined", into: &profile)
        profile.recount()
        guard profile.documentBytes <= ProfileDocument.mostBytes else {
            throw error(
                root, .tooLarge,
                "the behaviours may come to \(profile.documentBytes) bytes when they are written, expected at most \(ProfileDocument.mostBytes); forget some"
            )
        }
        return profile
    }

    private static let keys = [
        "shrike_profile", "workload", "image", "predecessor_image", "image_since", "frozen", "first_seen", "last_seen",
        "runs", "days", "windows", "hours", "quarantine_left_out", "kinds", "behaviours", "quarantined",
    ]

    private func checkVersion() throws(ProfileDocumentError) {
        guard let node = root["shrike_profile"] else {
            throw error(root, "there is no 'shrike_profile', expected 'shrike_profile: \(ProfileDocument.version)'")
        }
        guard let text = node.text, let version = Int(text) else {
            throw error(node, "'shrike_profile' is no number, expected \(ProfileDocument.version)")
        }
        guard version == ProfileDocument.version else {
            throw error(
                node, .version,
                "the profile is of version \(version), and this Shrike reads \(ProfileDocument.version): use the Shrike that wrote it"
            )
        }
    }

    private func hours() throws(ProfileDocumentError) -> UInt32 {
        let node = try value(root, "hours")
        guard let elements = node.elements else {
            throw error(node, "'hours' is \(node.kindInWords), expected a sequence of hours of the day, 0 to 23")
        }
        var hours: UInt32 = 0
        for element in elements {
            guard let text = element.text, let hour = UInt32(text), hour < 24, hours >> hour & 1 == 0 else {
                throw error(element, "an hour is a number from 0 to 23, each once")
            }
            hours |= 1 << hour
        }
        return hours
    }

    private func readKinds(into profile: inout Profile) throws(ProfileDocumentError) {
        for (kind, node) in try kinds("kinds") {
            try check(node, known: ["windows", "quiet", "left_out"])
            let windows = try number(node, "windows")
            let quiet = try number(node, "quiet")
            guard windows <= profile.windows, quiet <= windows else {
                throw error(
                    node, .contradictory,
                    "\(kind.word) has \(windows) windows, \(quiet) of them quiet, and the profile \(profile.windows): 'quiet' is at most 'windows', and that the profile's"
                )
            }
            profile.tallies[Int(kind.rawValue)].mass.windows = windows
            profile.tallies[Int(kind.rawValue)].mass.quietWindows = quiet
            profile.tallies[Int(kind.rawValue)].leftOut = node["left_out"] == nil ? 0 : try number(node, "left_out")
        }
    }

    private func readBehaviours(_ section: String, into profile: inout Profile) throws(ProfileDocumentError) {
        let isQuarantine = section == "quarantined"
        for (kind, node) in try kinds(section) {
            guard let elements = node.elements else {
                throw error(node, "'\(kind.word)' is \(node.kindInWords), expected a sequence of behaviours")
            }
            for element in elements {
                let behaviour = try behaviour(element, kind, isQuarantine: isQuarantine, profile)
                let bytes = Array(behaviour.text.utf8)
                guard profile.table.find(BehaviourTable.key(kind, bytes, bytes.indices)) == nil else {
                    throw error(
                        element, .contradictory, "'\(behaviour.text)' is there twice as \(kind.word); remove one")
                }
                guard profile.table.entries.count < ProfileDocument.mostBehaviours else {
                    throw error(
                        element, .tooLarge,
                        "there are more than \(ProfileDocument.mostBehaviours) behaviours; forget some")
                }
                profile.put(behaviour)
            }
        }
    }

    private func behaviour(
        _ node: YAMLNode, _ kind: BehaviourKind, isQuarantine: Bool, _ profile: Profile
    ) throws(ProfileDocumentError) -> Behaviour {
        try check(
            node,
            known: ["what", "count", "windows", "runs", "first", "last", "phases"] + (isQuarantine ? ["because"] : []))
        let what = try value(node, "what")
        guard let text = what.text, !text.isEmpty, text.utf8.count <= EventBehaviours.longestText,
            text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f })
        else {
            throw error(what, "'what' is no text of 1 to \(EventBehaviours.longestText) printable ASCII characters")
        }
        let runs = try number(node, "runs")
        let counts = BehaviourCounts(
            count: try number(node, "count"), firstSeen: try time(node, "first"), lastSeen: try time(node, "last"),
            windows: try number(node, "windows"), runs: UInt16(clamping: runs), phases: try phases(node))
        guard counts.firstSeen <= counts.lastSeen, counts.windows >= 1, counts.count >= counts.windows,
            counts.windows <= profile.windows, runs <= max(profile.runs, 1)
        else {
            throw error(
                node, .contradictory,
                "the counts can't all be true: 'first' is not after 'last', 1 ≤ 'windows' ≤ 'count', and the profile has as many 'windows' and 'runs' at least"
            )
        }
        var reason: String?
        if isQuarantine {
            let because = try value(node, "because")
            guard let text = because.text, !text.isEmpty, text == Profile.plain(text, longest: Profile.longestReason)
            else {
                throw error(
                    because,
                    "'because' is no text without control characters of 1 to \(Profile.longestReason) bytes, expected the name of a rule or '\(Profile.newReason)'"
                )
            }
            reason = text
        }
        return Behaviour(kind: kind, text: text, counts: counts, quarantine: reason)
    }

    private func phases(_ node: YAMLNode) throws(ProfileDocumentError) -> BehaviourPhases {
        let list = try value(node, "phases")
        var phases: BehaviourPhases = []
        for element in list.elements ?? [] {
            guard let found = BehaviourPhases.words.first(where: { $0.word == element.text }) else {
                throw error(element, "a phase is start, steady or shutdown")
            }
            phases.insert(found.phase)
        }
        guard !phases.isEmpty else {
            throw error(list, "'phases' is a sequence of start, steady and shutdown, one at least")
        }
        return phases
    }

    // MARK: Values

    /// The kinds of a section, each once.
    private func kinds(_ section: String) throws(ProfileDocumentError) -> [(BehaviourKind, YAMLNode)] {
        let node = try value(root, section)
        guard node.pairs != nil else {
            throw error(node, "'\(section)' is \(node.kindInWords), expected a mapping by kind")
        }
        try check(node, known: BehaviourKind.allCases.map(\.word))
        return (node.pairs ?? []).compactMap { pair in
            pair.key.text.flatMap(BehaviourKind.init(word:)).map { ($0, pair.value) }
        }
    }

    private func check(_ node: YAMLNode, known: [String]) throws(ProfileDocumentError) {
        guard let pairs = node.pairs else {
            throw error(node, "this is \(node.kindInWords), expected a mapping with \(known.joined(separator: ", "))")
        }
        var seen: Set<String> = []
        for pair in pairs {
            guard let key = pair.key.text, known.contains(key) else {
                throw error(
                    pair.key, "'\(pair.key.text ?? "")' is not known here, expected \(known.joined(separator: ", "))")
            }
            guard seen.insert(key).inserted else { throw error(pair.key, "'\(key)' is there twice; remove one") }
        }
    }

    private func value(_ node: YAMLNode, _ key: String) throws(ProfileDocumentError) -> YAMLNode {
        guard let value = node[key] else { throw error(node, "'\(key)' is missing") }
        return value
    }

    private func number(_ node: YAMLNode, _ key: String) throws(ProfileDocumentError) -> UInt32 {
        let value = try value(node, key)
        guard let text = value.text, let number = UInt32(text), String(number) == text else {
            throw error(value, "'\(key)' is no number from 0 to \(UInt32.max)")
        }
        return number
    }

    private func time(_ node: YAMLNode, _ key: String) throws(ProfileDocumentError) -> UInt32 {
        let value = try value(node, key)
        guard let seconds = value.text.flatMap(ProfileTime.seconds) else {
            throw error(value, "'\(key)' is no time, expected one like 2026-11-29T09:15:00Z")
        }
        return seconds
    }

    private func optionalTime(_ node: YAMLNode, _ key: String) throws(ProfileDocumentError) -> UInt32 {
        node[key] == nil ? 0 : try time(node, key)
    }

    private func optionalText(_ node: YAMLNode, _ key: String) throws(ProfileDocumentError) -> String {
        guard let value = node[key] else { return "" }
        guard let text = value.text, text.utf8.count <= Profile.longestImage,
            text == Profile.plain(text, longest: Profile.longestImage)
        else {
            throw error(
                value,
                "'\(key)' is no text without control characters of at most \(Profile.longestImage) bytes")
        }
        return text
    }

    private func bool(_ node: YAMLNode, _ key: String) throws(ProfileDocumentError) -> Bool {
        guard let value = node[key] else { return false }
        guard let bool = value.bool else { throw error(value, "'\(key)' is neither true nor false") }
        return bool
    }

    private func error(_ node: YAMLNode, _ message: String) -> ProfileDocumentError {
        error(node, .corrupt, message)
    }

    private func error(
        _ node: YAMLNode, _ reason: ProfileDocumentError.Reason, _ message: String
    ) -> ProfileDocumentError {
        ProfileDocumentError(reason, message, line: node.line, column: node.column)
    }
}
