import Configuration
import Glibc
import KernelInterface

/// The attacks of a directory: `LAYER/NAME.sh`.
public struct AttackSuite: Sendable {
    /// The cases, by name.
    public var cases: [AttackCase] = []
    /// What can't be used of the directory, a line each.
    public var problems: [String] = []

    /// Reads the attacks below a directory. Where root would run them, a file that others may change is a problem, also one that is no
    /// attack itself: attacks source and compile what lies beside them.
    public init(directory: String) {
        // Each attack runs in a directory of its own.
        let directory = directory.hasPrefix("/") ? directory : "\(FileTrust.currentDirectory)/\(directory)"
        for layer in Self.entries(of: directory) {
            for file in Self.entries(of: "\(directory)/\(layer)") where file.hasSuffix(".sh") {
                let path = "\(directory)/\(layer)/\(file)"
                switch SystemConfigurationFiles().read(path) {
                case .failure(let error): problems.append("\(error)")
                case .success(let bytes):
                    do throws(AttackCase.Problem) {
                        cases.append(
                            try AttackCase(
                                path: path, name: "\(layer)/\(file.dropLast(3))",
                                text: String(decoding: bytes, as: UTF8.self)))
                    } catch {
                        problems.append("\(error)")
                    }
                }
            }
        }
        guard geteuid() == 0 else { return }
        for weakness in FileTrust.weaknesses(of: Self.files(below: directory)) {
            problems.append("\(weakness.path):1:1: \(weakness.message); \(weakness.fix)")
        }
    }

    /// The attacks that belong to a program: installed beside it, or in the checkout that it was built in. Nil: there are none.
    public static func directory(ofProgram program: String) -> String? {
        ProgramPlace.directory(installed: "attacks", inCheckout: "samples/attacks", ofProgram: program)
    }

    /// The files below a directory, and the directories; not what links lead to.
    private static func files(below directory: String) -> [String] {
        entries(of: directory).flatMap { name -> [String] in
            let path = "\(directory)/\(name)"
            var status = stat()
            let isDirectory = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            return [path] + (isDirectory ? files(below: path) : [])
        }
    }

    private static func entries(of path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
