import ForwarderProtocol
import Glibc
import RuleLanguage

/// A file or directory that the configuration names and a run would refuse.
public struct PlaceProblem: Sendable, Equatable {
    /// The key that names it.
    public let key: String
    /// What is wrong.
    public let message: String
    /// What mends it.
    public let fix: String
}

extension Configuration {
    /// What a run would refuse of the files and directories that are named. Looks, and makes nothing.
    public func placeProblems() -> [PlaceProblem] {
        let files = [hostRootProblem, fileOutputProblem, stateDirectoryProblem].compactMap(\.self)
        return files + credentialProblems
    }

    /// Nil where the host's processes can be read.
    public var hostRootProblem: PlaceProblem? {
        // There in every procfs, and readable by everybody (proc_stat(5)).
        guard access("\(hostRoot)/proc/stat", R_OK) != 0 else { return nil }
        return PlaceProblem(
            key: "shrike.host_root", message: "\(hostRoot)/proc can't be read: \(Self.reason)",
            fix: hostRoot.isEmpty
                ? "mount /proc"
                : "shrike.host_root must name the directory where the host's / is mounted, with what is mounted below it "
                    + "(docker -v /:/host:ro,rslave, Kubernetes mountPropagation: HostToContainer)")
    }

    private var fileOutputProblem: PlaceProblem? {
        let path = outputs.file.target
        guard outputs.file.isEnabled, !path.isEmpty else { return nil }
        let fix = "file_output.filename must name a file in a directory that exists and may be written"
        let place = access(path, F_OK) == 0 ? path : Self.directory(of: path)
        guard access(place, W_OK) != 0 else { return nil }
        return PlaceProblem(
            key: "file_output.filename", message: "\(path) can't be written: \(place): \(Self.reason)", fix: fix)
    }

    private var stateDirectoryProblem: PlaceProblem? {
        guard !stateDirectory.isEmpty, access(stateDirectory, F_OK) != 0 else { return nil }
        // The directory itself is made.
        let place = Self.directory(of: stateDirectory)
        guard access(place, W_OK) != 0 else { return nil }
        return PlaceProblem(
            key: "shrike.state_directory", message: "\(stateDirectory) can't be made: \(place): \(Self.reason)",
            fix: "name a directory in one that exists and may be written")
    }

    private var credentialProblems: [PlaceProblem] {
        outputs.networkOutputs(format: alertFormat).compactMap { output in
            output.credentialProblem().map { problem in
                PlaceProblem(
                    key: output.name == "http" && outputs.http.isEnabled ? "http_output" : "shrike.outputs",
                    message: problem, fix: "put the file there, or correct its name")
            }
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }

    /// `.` for a name without a directory.
    public static func directory(of path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

extension ConfigurationReader {
    /// Warns of places that a run would refuse: here they may be missing because the node is another one.
    mutating func checkPlaces(_ root: Setting, _ files: any ConfigurationFiles) {
        for problem in configuration.placeProblems() {
            diagnostics.warning(
                "'\(problem.key)': \(problem.message)", at: root.location(of: problem.key), suggestion: problem.fix)
        }
        for path in configuration.rulesFiles ?? [] where files.isMissing(path) {
            let key = root["rules_files"] == nil ? "rules_file" : "rules_files"
            diagnostics.warning(
                "'\(key)': \(files.absence(of: path)), and it is skipped", at: root.location(of: key, element: path))
        }
    }

    /// Refuses names that are relative to a directory which a service doesn't choose.
    mutating func checkAbsolutePaths(_ root: Setting) {
        for (key, path) in [
            ("shrike.host_root", configuration.hostRoot), ("shrike.state_directory", configuration.stateDirectory),
        ] where !path.isEmpty && !path.hasPrefix("/") {
            diagnostics.error(
                "'\(key)' must be a path from the root, e.g. /var/lib/shrike, found '\(path)'",
                at: root.location(of: key))
        }
    }
}

extension Setting {
    /// Where the value under a key such as `shrike.host_root` stands, or the element of its sequence with this text; else the
    /// nearest section around it.
    func location(of key: String, element text: String? = nil) -> SourceLocation {
        var setting = self
        for name in key.split(separator: ".") {
            guard let next = setting[String(name)] else { return setting.location }
            setting = next
        }
        if case .sequence(let elements) = setting.content, let text,
            let element = elements.first(where: { $0.content == .scalar(text) })
        {
            return element.location
        }
        return setting.location
    }
}
