import Glibc
import KernelInterface

/// Reads configuration and rules files; tests give their own.
public protocol ConfigurationFiles: Sendable {
    /// The bytes of a file.
    func read(_ path: String) -> Result<[UInt8], KernelError>
    /// The files that a path stands for: itself when it is a file, the `.yaml` and `.yml` files right below it, sorted by
    /// path, when it is a directory, none when there is nothing.
    func expand(_ path: String) -> [String]
}

extension ConfigurationFiles {
    /// Whether nothing is there. A directory without files of the kind is: it is there to be filled.
    public func isMissing(_ path: String) -> Bool {
        guard expand(path).isEmpty, case .failure(let error) = read(path) else { return false }
        return error.errno != EISDIR
    }

    /// Why a path stands for no file: it is not there, or it is a directory without any.
    public func absence(of path: String) -> String {
        if case .failure(let error) = read(path), error.errno == EISDIR {
            return "the directory \(path) has no .yaml or .yml files"
        }
        return "there is no file or directory \(path)"
    }
}

/// The node's own files.
public struct SystemConfigurationFiles: ConfigurationFiles {
    /// Larger than any honest file; a path to a device must not fill the memory.
    private static let sizeLimit = 16 << 20

    /// The node's files.
    public init() {}

    /// A variable of the process's environment.
    @Sendable public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The bytes of a file of at most 16 MiB.
    public func read(_ path: String) -> Result<[UInt8], KernelError> {
        // Non-blocking: opening a FIFO must not wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { return .failure(KernelError(call: "open", object: path, errno: errno)) }
        let file = FileDescriptor(owning: descriptor)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file.rawValue, &chunk, chunk.count)
            if count == 0 { return .success(bytes) }
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(KernelError(call: "read", object: path, errno: errno))
            }
            bytes.append(contentsOf: chunk[..<count])
            if bytes.count > Self.sizeLimit {
                return .failure(
                    KernelError(call: "read", object: path, errno: EFBIG, hint: "at most 16 MiB are read"))
            }
        }
    }

    /// The files that a path stands for, sorted.
    public func expand(_ path: String) -> [String] {
        switch Self.type(of: path) {
        case nil: return errno == ENOENT || errno == ENOTDIR ? [] : [path]
        case S_IFDIR: break
        default: return [path]
        }
        // What may not be looked into is not empty: reading it says why.
        guard let directory = opendir(path) else { return [path] }
        defer { closedir(directory) }
        let prefix = path.hasSuffix("/") ? path : path + "/"
        var found: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(".yaml") || name.hasSuffix(".yml") else { continue }
            if Self.type(of: prefix + name) == S_IFREG { found.append(prefix + name) }
        }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func type(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
