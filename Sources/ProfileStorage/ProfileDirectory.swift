import Glibc
public import KernelInterface
public import Profiles

/// The directory in which profiles are kept: a file each, `NAME.yaml`, and its signature, `NAME.yaml.sig`.
public struct ProfileDirectory: Sendable {
    /// Its path.
    public let path: String
    /// By which frozen profiles must be signed; nil: they need not be.
    public let key: PublicKey?

    /// Files that are looked at.
    public static let mostFiles = 50_000

    /// A directory; it need not be there.
    public init(path: String, key: PublicKey? = nil) {
        self.path = path
        self.key = key
    }

    /// A profile's file as it was found.
    public struct Found: Sendable {
        /// Its name in the directory, without ending.
        public var name: String
        /// The profile, or why it is refused: `FILE:LINE:COLUMN: REASON`.
        public var result: Result<Profile, ProfileRefusal>
        /// Which version of the file it was.
        public var mark: FileMark
    }

    /// Tells a version of a profile's file, and of its signature, from others.
    public struct FileMark: Sendable, Equatable {
        /// The file's bytes.
        public var bytes: Int { Int(clamping: document.size) }
        /// When it was written last, seconds since the epoch.
        public var written: Int { document.seconds }

        private struct Version: Sendable, Equatable {
            var inode: UInt64
            var size: Int64
            var seconds: Int
            var nanoseconds: Int
            // It changes with permissions, too, for which a file may have been refused.
            var changeSeconds: Int
            var changeNanoseconds: Int

            init(_ status: stat) {
                inode = UInt64(status.st_ino)
                size = Int64(status.st_size)
                (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
                (changeSeconds, changeNanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
            }
        }

        private var document: Version
        private var signature: Version?

        /// The present version of a file; nil when there is none.
        init?(of file: String) {
            var status = stat()
            guard lstat(file, &status) == 0 else { return nil }
            document = Version(status)
            if lstat(file + ".sig", &status) == 0 { signature = Version(status) }
        }
    }

    /// The names of the profiles that are there, sorted, with the versions of their files.
    public func names() throws(KernelError) -> [(name: String, mark: FileMark)] {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return [] }
            throw KernelError(call: "opendir", object: path, errno: errno)
        }
        defer { closedir(directory) }
        var names: [(name: String, mark: FileMark)] = []
        while let entry = readdir(directory), names.count < Self.mostFiles {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasSuffix(".yaml"), !name.hasPrefix(".") else { continue }
            guard let mark = FileMark(of: "\(path)/\(name)") else { continue }
            names.append((String(name.dropLast(5)), mark))
        }
        return names.sorted { $0.name < $1.name }
    }

    /// Reads a profile by its file's name without ending; nil when there is none.
    public func read(_ name: String) -> Found? {
        let file = "\(path)/\(name).yaml"
        // Before it is read: what changes meanwhile has another mark with the next look.
        guard let mark = FileMark(of: file) else { return nil }
        do throws(KernelError) {
            guard let bytes = try DurableFile.read(file, limit: ProfileDocument.longest)?.bytes else { return nil }
            return Found(name: name, result: profile(bytes, name), mark: mark)
        } catch { return Found(name: name, result: .failure(ProfileRefusal("\(error)")), mark: mark) }
    }

    /// Which version of a profile's file is there; nil when there is none.
    public func mark(of name: String) -> FileMark? { FileMark(of: "\(path)/\(name).yaml") }

    /// All profiles that are there, and what is refused.
    public func readAll() throws(KernelError) -> [Found] { try names().compactMap { read($0.name) } }

    /// Reads the profile of a workload; nil when there is none.
    public func read(_ identity: WorkloadIdentity) -> Found? { identity.fileName.flatMap(read) }

    /// Puts a profile in the place of what there was; gives the file's version.
    @discardableResult
    public func write(_ profile: Profile) throws(KernelError) -> FileMark {
        let file = try self.file(of: profile.identity)
        if mkdir(path, 0o700) != 0, errno == ENOENT, let slash = path.lastIndex(of: "/") {
            // The directory above is the service manager's, or missing too.
            _ = mkdir(String(path[..<slash]), 0o755)
            _ = mkdir(path, 0o700)
        }
        guard access(path, F_OK) == 0 else {
            throw KernelError(call: "mkdir", object: path, errno: errno, hint: "shrike.learning.directory names it")
        }
        try DurableFile.write(Array(ProfileDocument.text(of: profile).utf8), to: file)
        guard let mark = FileMark(of: file) else { throw KernelError(call: "lstat", object: file, errno: errno) }
        return mark
    }

    /// Removes a workload's profile with its signature.
    public func remove(_ identity: WorkloadIdentity) throws(KernelError) {
        let file = try self.file(of: identity)
        try DurableFile.remove(file + ".sig")
        try DurableFile.remove(file)
    }

    /// The path of a workload's file.
    public func file(of identity: WorkloadIdentity) throws(KernelError) -> String {
        guard let name = identity.fileName else {
            throw KernelError(call: "open", object: identity.text, errno: ENAMETOOLONG)
        }
        return "\(path)/\(name).yaml"
    }

    private func profile(_ bytes: [UInt8], _ name: String) -> Result<Profile, ProfileRefusal> {
        let file = "\(path)/\(name).yaml"
        let profile: Profile
        do throws(ProfileDocumentError) { profile = try ProfileDocument.read(bytes) } catch {
            return .failure(ProfileRefusal(error.text(file: file)))
        }
        guard profile.identity.fileName == name else {
            let wanted = profile.identity.fileName.map { "\($0).yaml" } ?? "a shorter name"
            return .failure(
                ProfileRefusal(
                    "\(file):1:1: the profile is of \(profile.identity.text), expected in \(wanted); rename the file"))
        }
        guard profile.isFrozen, let key else { return .success(profile) }
        switch signature(of: file) {
        case .success(let signature?) where signature.isValid(for: bytes, by: key): return .success(profile)
        case .success(nil):
            return .failure(
                ProfileRefusal(
                    "\(file):1:1: the frozen profile is not signed, expected \(file).sig; sign it with 'shrike profile sign'"
                ))
        case .success:
            return .failure(
                ProfileRefusal(
                    "\(file):1:1: the signature is not that of this profile by the configured key; review it and sign it again"
                ))
        case .failure(let problem): return .failure(problem)
        }
    }

    /// The signature beside a file; nil when there is none.
    public func signature(of file: String) -> Result<ProfileSignature?, ProfileRefusal> {
        do throws(KernelError) {
            guard let (bytes, _) = try DurableFile.read(file + ".sig", limit: 4096) else { return .success(nil) }
            guard let signature = ProfileSignature(text: bytes) else {
                return .failure(
                    ProfileRefusal("\(file).sig:1:1: this is no signature, expected 128 hexadecimal digits"))
            }
            return .success(signature)
        } catch { return .failure(ProfileRefusal("\(error)")) }
    }
}

/// Why a profile's file is not used.
public struct ProfileRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where, what is wrong, and how to mend it.
    public let description: String

    init(_ description: String) { self.description = description }
}
