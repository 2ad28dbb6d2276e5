public import CommandOutput
public import Configuration
import EventModel
import Glibc
import JSONTree
import KernelInterface
import ProfileStorage
import Profiles

/// What `shrike profile` prints and does.
public enum ProfileReport {
    /// A command that can't be done.
    public struct Failure: Error, CustomStringConvertible {
        /// What is wrong, and what to do.
        public let description: String

        init(_ description: String) { self.description = description }

        /// What the kernel says; where it is permissions, whose the files are.
        init(_ error: KernelError) {
            var error = error
            if error.hint == nil, error.errno == EACCES || error.errno == EPERM {
                error.hint =
                    "profiles are for root and the user that Shrike runs as: run this as one of them, e.g. with sudo"
            }
            description = "\(error)"
        }
    }

    /// `profile list`.
    public static func list(_ configuration: Configuration, isJSON: Bool) throws(Failure) -> Report {
        let settings = configuration.learning.settings.profiles
        let found = try all(configuration)
        let profiles = found.compactMap { try? $0.result.get() }.sorted { $0.identity.text < $1.identity.text }
        let refused = found.compactMap { found in
            if case .failure(let problem) = found.result { problem.description } else { nil }
        }
        if isJSON {
            let tree = ValueTree.map([
                ValueTree.Member("profiles", .list(profiles.map { summary($0, settings) })),
                ValueTree.Member("refused", .texts(refused)),
            ])
            return Report(bytes: Array(tree.json.utf8), status: refused.isEmpty ? .success : .invalid)
        }
        guard !found.isEmpty else {
            return Report(lines: [
                "no profiles in \(configuration.learning.directory); shrike.learning.enabled makes the sensor learn"
            ])
        }
        let width = max(profiles.map(\.identity.text.count).max() ?? 0, 8) + 2
        var lines = ["WORKLOAD".padded(to: width) + "STATE     KNOWN   WAITING  RUNS    COVERED  LAST SEEN"]
        for profile in profiles {
            let known = BehaviourKind.allCases.reduce(0) { $0 + profile.knownCount(of: $1) }
            lines.append(
                profile.identity.text.padded(to: width) + profile.state(settings).word.padded(to: 10)
                    + "\(known)".padded(to: 8) + "\(profile.quarantinedCount)".padded(to: 9)
                    + "\(profile.runs)".padded(to: 8) + duration(profile.coveredSeconds(settings)).padded(to: 9)
                    + profile.lastSeenText)
        }
        return Report(lines: lines + refused.map { "refused: \($0)" }, status: refused.isEmpty ? .success : .invalid)
    }

    /// `profile show`: what is known and how well; or the document.
    public static func show(_ configuration: Configuration, _ name: String, isYAML: Bool) throws(Failure) -> Report {
        let profile = try profile(name, configuration)
        if isYAML { return Report(bytes: Array(ProfileDocument.text(of: profile).utf8)) }
        let settings = configuration.learning.settings.profiles
        var lines = [
            "workload  \(profile.identity.text)", "state     \(profile.state(settings).word)",
        ]
        if !profile.image.isEmpty { lines.append("image     \(profile.image)") }
        if !profile.predecessorImage.isEmpty {
            lines.append("before    \(profile.predecessorImage), until \(profile.imageSinceText)")
        }
        lines.append(
            "covered   \(duration(profile.coveredSeconds(settings))) on \(profile.days) days, \(profile.runs) runs")
        lines += ["", "KIND        KNOWN   UNSEEN    AT MOST   "]
        for kind in BehaviourKind.allCases {
            guard profile.unseenMass(of: kind).windows > 0 else {
                lines.append(kind.word.padded(to: 12) + "not known: \(Self.reason(notLookedAt: kind))")
                continue
            }
            let mass = profile.unseenMass(of: kind)
            let verdict =
                profile.leftOut(of: kind) > 0
                ? "learning: \(profile.leftOut(of: kind)) found no room"
                : profile.isSettled(kind, settings) ? "settled" : "learning: quiet for \(mass.quietWindows) windows"
            lines.append(
                kind.word.padded(to: 12) + "\(profile.knownCount(of: kind))".padded(to: 8)
                    + percent(mass.estimate).padded(to: 10)
                    + percent(mass.upperBound(risk: settings.risk)).padded(to: 10) + verdict)
        }
        if profile.quarantineLeftOut > 0 {
            lines += [
                "",
                "\(profile.quarantineLeftOut) more that were told found no room among what waits for approval: approve or remove some",
            ]
        }
        let behaviours = profile.behaviours
        for (title, isQuarantined) in [("known", false), ("waiting for approval", true)] {
            let chosen = behaviours.filter { ($0.quarantine != nil) == isQuarantined }
            guard !chosen.isEmpty else { continue }
            lines += ["", title]
            for behaviour in chosen {
                let isNew = !profile.predecessorImage.isEmpty && behaviour.counts.firstSeen >= profile.imageSince
                let remark = [behaviour.quarantine.map { "because: \($0)" }, isNew ? "new in this image" : nil]
                    .compactMap { $0 }.map { " (\($0))" }.joined()
                lines.append(
                    "  \(behaviour.kind.word.padded(to: 11)) \(behaviour.text)  ×\(behaviour.counts.count)\(remark)")
            }
        }
        return Report(lines: lines)
    }

    /// `profile diff`: workloads, or files with profiles.
    public static func difference(_ configuration: Configuration, _ first: String, _ second: String) throws(Failure)
        -> Report
    {
        let (left, right) = (try profile(first, configuration), try profile(second, configuration))
        let difference = ProfileDifference(left, right)
        let lines =
            difference.onlyFirst.map { (line: "- \($0.kind.word) \($0.text)", behaviour: $0) }
            + difference.onlySecond.map { (line: "+ \($0.kind.word) \($0.text)", behaviour: $0) }
        return Report(
            lines: lines.sorted { ($0.behaviour.kind, $0.behaviour.text) < ($1.behaviour.kind, $1.behaviour.text) }
                .map(\.line))
    }

    // MARK: What they share

    /// The profile of a workload, or of a file: what has a `.yaml` at its end.
    static func profile(_ name: String, _ configuration: Configuration) throws(Failure) -> Profile {
        if name.hasSuffix(".yaml") { return try profile(file: name) }
        guard let identity = WorkloadIdentity(text: name) else {
            throw Failure(
                "'\(name)' names no workload, expected k8s/NAMESPACE/OWNER/CONTAINER, container/NAME/IMAGE, unit/NAME or "
                    + "program/UID/PATH; 'shrike profile list' shows those that are known")
        }
        let directory = try directory(configuration)
        guard let found = directory.read(identity) else {
            // Where the directory can't be looked into nobody knows.
            do throws(KernelError) { _ = try directory.names() } catch { throw Failure(error) }
            throw Failure(
                "there is no profile of \(name) in \(directory.path); 'shrike profile list' shows those that are")
        }
        switch found.result {
        case .success(let profile): return profile
        case .failure(let problem): throw Failure(problem.description)
        }
    }

    static func profile(file: String) throws(Failure) -> Profile {
        switch SystemConfigurationFiles().read(file) {
        case .failure(let error): throw Failure(error)
        case .success(let bytes):
            do throws(ProfileDocumentError) { return try ProfileDocument.read(bytes) } catch {
                throw Failure(error.text(file: file))
            }
        }
    }

    static func directory(_ configuration: Configuration) throws(Failure) -> ProfileDirectory {
        let file = configuration.learning.publicKeyFile
        guard !file.isEmpty else { return ProfileDirectory(path: configuration.learning.directory) }
        return ProfileDirectory(path: configuration.learning.directory, key: try publicKey(file))
    }

    static func publicKey(_ file: String) throws(Failure) -> PublicKey {
        guard let key = PublicKey(text: try bytes(of: file)) else {
            throw Failure(
                "\(file) holds no public key, expected 64 hexadecimal digits; 'shrike profile key' makes a pair")
        }
        return key
    }

    static func bytes(of file: String) throws(Failure) -> [UInt8] {
        do throws(KernelError) {
            guard let (bytes, _) = try DurableFile.read(file, limit: ProfileDocument.longest) else {
                throw KernelError(call: "open", object: file, errno: ENOENT)
            }
            return bytes
        } catch { throw Failure(error) }
    }

    private static func all(_ configuration: Configuration) throws(Failure) -> [ProfileDirectory.Found] {
        let directory = try directory(configuration)
        do throws(KernelError) { return try directory.readAll() } catch { throw Failure(error) }
    }

    private static func summary(_ profile: Profile, _ settings: ProfileSettings) -> ValueTree {
        .map([
            ValueTree.Member("workload", .text(profile.identity.text)),
            ValueTree.Member("state", .text(profile.state(settings).word)),
            ValueTree.Member("image", .text(profile.image)),
            ValueTree.Member("runs", .integer(Int(profile.runs))),
            ValueTree.Member("days", .integer(Int(profile.days))),
            ValueTree.Member("covered_seconds", .integer(Int(clamping: profile.coveredSeconds(settings)))),
            ValueTree.Member("waiting", .integer(profile.quarantinedCount)),
            ValueTree.Member("waiting_left_out", .integer(Int(profile.quarantineLeftOut))),
            ValueTree.Member("last_seen", .text(profile.lastSeenText)),
            ValueTree.Member(
                "kinds",
                .map(
                    BehaviourKind.allCases.filter { profile.unseenMass(of: $0).windows > 0 }.map { kind in
                        ValueTree.Member(
                            kind.word,
                            .map([
                                ValueTree.Member("known", .integer(profile.knownCount(of: kind))),
                                ValueTree.Member("settled", .bool(profile.isSettled(kind, settings))),
                                ValueTree.Member("left_out", .integer(profile.leftOut(of: kind))),
                            ]))
                    })),
        ])
    }

    /// Why nothing is known of a kind.
    private static func reason(notLookedAt kind: BehaviourKind) -> String {
        switch kind {
        case .capability: "nothing counts capabilities here; eBPF does (shrike.ebpf.call_sets), on Linux 6.14 and later"
        case .syscall: "no rule in use asks for it, and nothing counts calls; eBPF does (shrike.ebpf.call_sets)"
        default: "no rule in use has novel.\(kind.word) in its condition"
        }
    }

    private static func duration(_ seconds: UInt64) -> String {
        seconds >= 172_800
            ? "\(seconds / 86_400) d" : seconds >= 7200 ? "\(seconds / 3600) h" : "\(seconds / 60) min"
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
