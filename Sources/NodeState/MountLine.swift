import KernelInterface

/// A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).
struct MountLine {
    var mountPoint: [UInt8]
    /// The file system's device; 0 where it can't be read.
    var device: UInt64
    var isOverlay: Bool
    /// The `upperdir` option of an overlay.
    var upperDirectory: [UInt8]?

    init?(_ text: [UInt8], _ line: Range<Int>) {
        var words = WordCursor(text, line)
        guard words.next() != nil, words.next() != nil, let device = words.next(), words.next() != nil else {
            return nil
        }
        self.device = Self.device(device)
        guard let point = words.next() else { return nil }
        mountPoint = Self.unescaped(point)
        // Mount options and optional fields up to the separator.
        while let word = words.next(), !word.elementsEqual([UInt8(ascii: "-")]) {}
        guard let type = words.next(), words.next() != nil else { return nil }
        isOverlay = type.matches("overlay")
        guard isOverlay, let options = words.next() else { return }
        for option in options.split(separator: UInt8(ascii: ",")) where option.begins(with: "upperdir=") {
            let directory = Self.unescaped(option.dropFirst(9))
            // A relative one starts from where the mounting program stood: unknowable.
            if directory.first == UInt8(ascii: "/") { upperDirectory = directory }
        }
    }

    private static func device(_ text: ArraySlice<UInt8>) -> UInt64 {
        let parts = text.split(separator: UInt8(ascii: ":")).map { UInt32(String(decoding: $0, as: UTF8.self)) }
        guard parts.count == 2, let major = parts[0], let minor = parts[1] else { return 0 }
        return DeviceNumber.make(major: major, minor: minor)
    }

    /// Blank, tab, line feed and backslash are written as `\ooo`.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "\\"), text.endIndex - index > 3 {
                let digits = text[index + 1...index + 3]
                if digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x37 }) {
                    result.append(digits.reduce(0) { $0 &<< 3 | ($1 & 7) })
                    index += 4
                    continue
                }
            }
            result.append(text[index])
            index += 1
        }
        return result
    }
}
