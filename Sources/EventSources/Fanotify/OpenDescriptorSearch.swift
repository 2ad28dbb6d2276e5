import NodeState

/// Looks for a process's descriptor on a file, and how it was opened (/proc/PID/fd, /proc/PID/fdinfo; proc(5)).
struct OpenDescriptorSearch {
    /// A process with more descriptors than this has only its highest looked at.
    private static let limit = 512
    /// One with more than this has none looked at: listing them would take the event thread's time.
    private static let listedLimit = 4096

    let files: any NodeFiles
    private var numbers: [Int32] = []
    private var text: [UInt8] = []
    private var path = PathBuffer()

    init(files: any NodeFiles) { self.files = files }

    /// The newest-looking descriptor on the file with this identity and its flags; nil when the process has none (now).
    mutating func find(pid: Int32, device: UInt64, inode: UInt64) -> (descriptor: Int32, flags: Int32)? {
        setPath(pid, "/fd")
        guard files.listNumbers(path, limit: Self.listedLimit, into: &numbers), numbers.count < Self.listedLimit
        else { return nil }
        for number in numbers.reversed().prefix(Self.limit) {
            setPath(pid, "/fd/", number)
            guard let status = files.status(path), status.inode == inode, status.device == device else { continue }
            setPath(pid, "/fdinfo/", number)
            guard files.read(path, upTo: 1024, into: &text), let flags = Self.flags(text) else { continue }
            return (number, flags)
        }
        return nil
    }

    private mutating func setPath(_ pid: Int32, _ middle: StaticString, _ number: Int32? = nil) {
        path.reset()
        path.append("/proc/")
        path.append(decimal: pid)
        path.append(middle)
        if let number { path.append(decimal: number) }
    }

    /// The flags of an fdinfo file: a line `flags:`, blanks, an octal number.
    static func flags(_ text: [UInt8]) -> Int32? {
        for line in text.split(separator: 0x0a) where line.starts(with: "flags:".utf8) {
            var value: UInt32 = 0
            var hasDigits = false
            for byte in line.dropFirst(6) {
                if byte == 0x20 || byte == 0x09, !hasDigits { continue }
                guard byte >= 0x30, byte <= 0x37, value <= UInt32.max >> 3 else { return nil }
                value = value << 3 | UInt32(byte - 0x30)
                hasDigits = true
            }
            return hasDigits ? Int32(bitPattern: value) : nil
        }
        return nil
    }
}
