import Glibc

/// Cuts a stream of bytes into lines without copying them.
struct LineBuffer {
    /// A longer line is no audit record: the kernel's are below 9000 bytes, auditd at most doubles them.
    static let maximumLine = 65536
    private static let capacity = 1 << 18

    private(set) var bytes: [UInt8] = Array(repeating: 0, count: capacity)
    /// Unread bytes are `start..<end`; no line end is in `start..<searched`.
    private var start = 0
    private var searched = 0
    private var end = 0
    /// Inside a line that is too long.
    private var isSkipping = false
    /// Lines that were too long since the last look.
    private var skippedLines = 0

    /// Lets `read` fill the free space; returns what it returns, the number of bytes, 0 at the end.
    mutating func fill<Failure: Error>(
        _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        if start > 0 {
            let (from, count) = (start, end - start)
            bytes.withUnsafeMutableBytes { buffer in
                // Both ranges are inside the buffer; memmove takes overlapping ones.
                if count > 0, let base = buffer.baseAddress { memmove(base, base + from, count) }
            }
            searched -= start
            end -= start
            start = 0
        }
        let free = end
        var count = 0
        var failure: Failure?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(Failure) {
                count = try read(UnsafeMutableRawBufferPointer(rebasing: buffer[free...]))
            } catch { failure = error }
        }
        if let failure { throw failure }
        end += min(max(count, 0), bytes.count - free)
        return count
    }

    /// The next line without its end; nil when no whole line is there.
    mutating func nextLine() -> Range<Int>? {
        while let newline = newline() {
            let line = start..<newline
            start = newline + 1
            searched = start
            if isSkipping {
                isSkipping = false
                continue
            }
            if line.count > Self.maximumLine {
                skippedLines += 1
                continue
            }
            return line
        }
        searched = end
        if end - start > Self.maximumLine {
            if !isSkipping { skippedLines += 1 }
            isSkipping = true
            start = end
        }
        return nil
    }

    /// What is left when there is nothing more to come: a last line without an end.
    mutating func lastLine() -> Range<Int>? {
        let line = start..<end
        start = end
        searched = end
        let wasSkipping = isSkipping
        isSkipping = false
        return line.isEmpty || wasSkipping ? nil : line
    }

    /// How many lines were too long, since the last call.
    mutating func takeSkippedLines() -> Int {
        defer { skippedLines = 0 }
        return skippedLines
    }

    private func newline() -> Int? {
        guard searched < end else { return nil }
        // The pointer is used within the closure, inside the buffer's unread part.
        return bytes.withUnsafeBytes { buffer -> Int? in
            guard let base = buffer.baseAddress, let found = memchr(base + searched, 0x0a, end - searched) else {
                return nil
            }
            return UnsafeRawPointer(found) - base
        }
    }
}
