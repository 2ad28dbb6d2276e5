public import CommandOutput
public import Configuration
import Glibc
import KernelInterface
import ProfileStorage
import Profiles

extension ProfileReport {
    /// `profile merge`: takes files of other nodes into the profiles of their workloads.
    public static func merge(_ configuration: Configuration, _ files: [String]) throws(Failure) -> Report {
        let directory = try directory(configuration)
        var lines: [String] = []
        for file in files {
            let other = try profile(file: file)
            var merged = other
            if let found = directory.read(other.identity) {
                switch found.result {
                case .failure(let problem): throw Failure(problem.description)
                case .success(var own):
                    own.merge(other)
                    merged = own
                }
            }
            try write(merged, directory)
            lines.append("\(other.identity.text): \(merged.behaviours.count) behaviours")
        }
        return Report(lines: lines)
    }

    /// Which behaviours a change is about: texts as profiles have them, where `*` at the end is any ending.
    public struct Choice: Sendable {
        /// The texts, of which one must fit.
        public var texts: [String]
        /// The kind's word; empty: any.
        public var kind: String

        /// A choice from its parts.
        public init(texts: [String], kind: String = "") {
            self.texts = texts
            self.kind = kind
        }

        func includes(_ behaviour: Behaviour) -> Bool {
            (kind.isEmpty || kind == behaviour.kind.word)
                && texts.contains { text in
                    text.hasSuffix("*") ? behaviour.text.hasPrefix(text.dropLast()) : behaviour.text == text
                }
        }
    }

    /// `profile edit`: approves and removes behaviours.
    public static func edit(
        _ configuration: Configuration, _ name: String, approving: Choice, removing: Choice
    ) throws(Failure) -> Report {
        for kind in [approving.kind, removing.kind] where !kind.isEmpty && BehaviourKind(word: kind) == nil {
            let kinds = BehaviourKind.allCases.map(\.word).joined(separator: ", ")
            throw Failure("'\(kind)' is no kind of behaviour, expected \(kinds)")
        }
        let directory = try directory(configuration)
        var profile = try profile(name, configuration)
        let approved = profile.approve(where: approving.includes)
        let removed = profile.forget(where: removing.includes)
        guard approved + removed > 0 else {
            throw Failure("no behaviour of \(name) is meant; 'shrike profile show \(name)' shows their texts")
        }
        try write(profile, directory)
        return Report(lines: ["\(name): \(approved) approved, \(removed) removed"])
    }

    /// `profile edit` in an editor: the document, put back when it can be read.
    public static func edit(
        _ configuration: Configuration, _ name: String, with edit: (_ path: String) -> Bool
    ) throws(Failure) -> Report {
        let directory = try directory(configuration)
        let before = try profile(name, configuration)
        let copy = "\(directory.path)/.\(before.identity.fileName ?? "profile").edited"
        do throws(KernelError) {
            try DurableFile.write(Array(ProfileDocument.text(of: before).utf8), to: copy)
        } catch { throw Failure(error) }
        guard edit(copy) else { throw Failure("the editor failed; the copy is \(copy)") }
        let after = try profile(file: copy)
        guard after.identity == before.identity else {
            throw Failure("\(copy) names another workload, \(after.identity.text); the profile stays as it was")
        }
        try write(after, directory)
        _ = try? DurableFile.remove(copy)
        return Report(lines: ["\(name): written"])
    }

    /// `profile freeze` and `unfreeze`.
    public static func freeze(_ configuration: Configuration, _ name: String, isFrozen: Bool) throws(Failure) -> Report
    {
        // A frozen profile without signature is refused by a directory with a key; here it is about to get one.
        var configuration = configuration
        configuration.learning.publicKeyFile = ""
        var profile = try profile(name, configuration)
        profile.isFrozen = isFrozen
        try write(profile, try directory(configuration))
        return Report(lines: ["\(name): \(isFrozen ? "frozen" : "learning goes on")"])
    }

    /// `profile forget`.
    public static func forget(_ configuration: Configuration, _ name: String) throws(Failure) -> Report {
        guard let identity = WorkloadIdentity(text: name) else {
            throw Failure("'\(name)' names no workload; 'shrike profile list' shows those that are known")
        }
        do throws(KernelError) {
            try ProfileDirectory(path: configuration.learning.directory).remove(identity)
        } catch { throw Failure(error) }
        return Report(lines: ["\(name): forgotten"])
    }

    /// `profile key`: makes a pair of keys, FILE and FILE.pub.
    public static func makeKey(_ file: String) throws(Failure) -> Report {
        guard access(file, F_OK) != 0 else { throw Failure("\(file) is there already; name another file") }
        guard let key = SigningKey() else { throw Failure("no key could be made: there are no random numbers") }
        do throws(KernelError) {
            try DurableFile.write(Array(key.text.utf8), to: file)
            try DurableFile.write(Array(key.publicKey.text.utf8), to: file + ".pub", mode: 0o644)
        } catch { throw Failure(error) }
        return Report(lines: [
            "\(file): the secret key; keep it away from the nodes",
            "\(file).pub: the public key, for shrike.learning.public_key",
        ])
    }

    /// `profile sign`.
    public static func sign(_ configuration: Configuration, _ name: String, keyFile: String) throws(Failure) -> Report {
        guard let key = SigningKey(text: try bytes(of: keyFile)) else {
            throw Failure(
                "\(keyFile) holds no secret key, expected 128 hexadecimal digits; 'shrike profile key' makes a pair")
        }
        let file = try file(name, configuration)
        guard let signature = ProfileSignature.make(of: try bytes(of: file), by: key) else {
            throw Failure("the signature could not be made")
        }
        do throws(KernelError) {
            try DurableFile.write(Array(signature.text.utf8), to: file + ".sig")
        } catch { throw Failure(error) }
        return Report(lines: ["\(file).sig: written"])
    }

    /// `profile verify`.
    public static func verify(_ configuration: Configuration, _ name: String, keyFile: String) throws(Failure) -> Report
    {
        let key = try publicKey(keyFile)
        let file = try file(name, configuration)
        switch ProfileDirectory(path: configuration.learning.directory).signature(of: file) {
        case .failure(let problem): throw Failure(problem.description)
        case .success(nil): throw Failure("\(file) is not signed: there is no \(file).sig")
        case .success(let signature?):
            guard signature.isValid(for: try bytes(of: file), by: key) else {
                throw Failure("\(file).sig is not the signature of \(file) by \(keyFile)")
            }
            return Report(lines: ["\(file): signed by \(keyFile)"])
        }
    }

    private static func file(_ name: String, _ configuration: Configuration) throws(Failure) -> String {
        if name.hasSuffix(".yaml") { return name }
        guard let identity = WorkloadIdentity(text: name) else {
            throw Failure(
                "'\(name)' names no workload and no .yaml file; 'shrike profile list' shows workloads that are known")
        }
        do throws(KernelError) {
            return try ProfileDirectory(path: configuration.learning.directory).file(of: identity)
        } catch { throw Failure(error) }
    }

    private static func write(_ profile: Profile, _ directory: ProfileDirectory) throws(Failure) {
        do throws(KernelError) { try directory.write(profile) } catch { throw Failure(error) }
    }
}
