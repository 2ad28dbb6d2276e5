/// The mount points of a mountinfo file (proc_pid_mountinfo(5)).
enum MountPoints {
    /// The fifth word of each line, `\040` and the like decoded; lines without one are skipped.
    static func parse(_ text: [UInt8]) -> [[UInt8]] {
        text.split(separator: 0x0a).compactMap { line in
            let words = line.split(separator: 0x20, maxSplits: 5)
            return words.count > 4 ? unescape(words[4]) : nil
        }
    }

    private static func unescape(_ word: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = word
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            guard byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) })
            else {
                result.append(byte)
                continue
            }
            result.append(digits.reduce(0) { $0 << 3 | ($1 - 0x30) })
            rest = rest.dropFirst(3)
        }
        return result
    }
}
