import Glibc

/// Tells when names appear in directories (inotify(7)): files that rules name and that are not there yet.
public struct PlaceWatch: ~Copyable {
    /// More directories than this are looked at only from time to time, by whoever waits for names in them.
    public static let limit = 8192

    private let descriptor: FileDescriptor
    private var names: [String: Set<String>] = [:]
    private var numberByDirectory: [String: Int32] = [:]
    private var directoryByNumber: [Int32: String] = [:]

    /// Watches nothing yet.
    public init() throws(KernelError) {
        let number = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard number >= 0 else {
            throw KernelError(
                call: "inotify_init1", object: "", errno: errno, hint: "see the sysctl fs.inotify.max_user_instances")
        }
        descriptor = FileDescriptor(owning: number)
    }

    /// Waits for these names, by directory, and for no others.
    public mutating func watch(_ wanted: [String: Set<String>]) {
        names = wanted
        for (directory, number) in numberByDirectory where wanted[directory] == nil {
            inotify_rm_watch(descriptor.rawValue, number)
            numberByDirectory[directory] = nil
            directoryByNumber[number] = nil
        }
        let mask = UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_ONLYDIR)
        for directory in wanted.keys where numberByDirectory[directory] == nil {
            guard numberByDirectory.count < Self.limit else { return }
            // One that is gone, or that the kernel has no room for, is looked at from time to time.
            let number = inotify_add_watch(descriptor.rawValue, directory, mask)
            guard number >= 0 else { continue }
            numberByDirectory[directory] = number
            directoryByNumber[number] = directory
        }
    }

    /// The directories in which a name appeared that is waited for, since the last call.
    public mutating func takeAppeared() -> Set<String> {
        var appeared: Set<String> = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = read(descriptor.rawValue, &buffer, buffer.count)
            guard count > 0 else { return appeared }
            var offset = 0
            let header = MemoryLayout<inotify_event>.size
            // The kernel writes whole events, each a header and `len` bytes of name with NULs behind it.
            while offset + header <= count {
                let event = buffer.withUnsafeBytes {
                    $0.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                }
                let start = offset + header
                let end = min(count, start + Int(event.len))
                offset = end
                if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
                    appeared.formUnion(names.keys)
                    continue
                }
                guard let directory = directoryByNumber[event.wd] else { continue }
                if event.mask & UInt32(IN_IGNORED) != 0 {
                    directoryByNumber[event.wd] = nil
                    numberByDirectory[directory] = nil
                    appeared.insert(directory)
                    continue
                }
                let name = String(decoding: buffer[start..<end].prefix { $0 != 0 }, as: UTF8.self)
                if names[directory]?.contains(name) == true { appeared.insert(directory) }
            }
        }
    }
}
