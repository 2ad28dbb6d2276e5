/// A regular expression as the instructions of a nondeterministic automaton that reads Unicode scalars. It matches whole
/// values in time proportional to value length times program length; no expression can make it slower.
struct RegexProgram: Sendable, Hashable {
    enum Instruction: Sendable, Hashable {
        /// Reads one scalar of `sets[index]`.
        case set(Int)
        case split(Int, Int)
        case jump(Int)
        /// Holds at the value's beginning and behind a newline.
        case lineStart
        /// Holds at the value's end and before a newline.
        case lineEnd
        case match
    }

    /// A set of scalars: ascending, disjoint ranges.
    struct ScalarSet: Sendable, Hashable {
        var ranges: [ClosedRange<UInt32>]

        func contains(_ scalar: UInt32) -> Bool {
            for range in ranges {
                if scalar < range.lowerBound { return false }
                if scalar <= range.upperBound { return true }
            }
            return false
        }
    }

    /// The expression as written.
    let pattern: [UInt8]
    var instructions: [Instruction] = []
    var sets: [ScalarSet] = []

    /// How large a program may get; RE2 bounds memory similarly.
    static let maximumSize = 10_000
}

/// The automaton's states, kept from value to value so that matching allocates nothing.
struct RegexMatcher: Sendable {
    /// States reached before the scalar at hand, in order of discovery, and the ones behind it.
    private var current: [Int] = []
    private var next: [Int] = []
    private var stack: [Int] = []
    /// At which step an instruction was last added; steps never repeat.
    private var addedAt: [UInt64] = []
    private var step: UInt64 = 0

    /// Whether the whole value in `range` matches. Bytes that are no UTF-8 count as U+FFFD.
    mutating func matches(_ program: RegexProgram, _ value: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.lowerBound >= 0, range.upperBound <= value.count else { return false }
        if addedAt.count < program.instructions.count {
            addedAt += Array(repeating: 0, count: program.instructions.count - addedAt.count)
        }
        var at = range.lowerBound
        var scalar = UTF8Scalars.decode(value, &at, range.upperBound)
        step += 1
        current.removeAll(keepingCapacity: true)
        add(0, program, isLineStart: true, isLineEnd: scalar == nil || scalar == 0x0a)
        swap(&current, &next)
        while let reading = scalar {
            guard !current.isEmpty else { return false }
            scalar = UTF8Scalars.decode(value, &at, range.upperBound)
            step += 1
            next.removeAll(keepingCapacity: true)
            for instruction in current {
                guard case .set(let set) = program.instructions[instruction], program.sets[set].contains(reading)
                else { continue }
                add(
                    instruction + 1, program, isLineStart: reading == 0x0a,
                    isLineEnd: scalar == nil || scalar == 0x0a
                )
            }
            swap(&current, &next)
        }
        return current.contains { program.instructions[$0] == .match }
    }

    /// Adds an instruction and everything reachable from it without reading to `next`.
    private mutating func add(_ start: Int, _ program: RegexProgram, isLineStart: Bool, isLineEnd: Bool) {
        stack.append(start)
        while let at = stack.popLast() {
            guard at < program.instructions.count, addedAt[at] != step else { continue }
            addedAt[at] = step
            switch program.instructions[at] {
            case .set, .match: next.append(at)
            case .jump(let target): stack.append(target)
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .lineStart: if isLineStart { stack.append(at + 1) }
            case .lineEnd: if isLineEnd { stack.append(at + 1) }
            }
        }
    }
}

/// Decodes UTF-8 without allocation.
enum UTF8Scalars {
    /// Takes the scalar at `at` and moves on; nil at the end. A bad byte is taken alone and counts as U+FFFD.
    static func decode(_ bytes: [UInt8], _ at: inout Int, _ end: Int) -> UInt32? {
        guard at < end else { return nil }
        let first = bytes[at]
        at += 1
        if first < 0x80 { return UInt32(first) }
        let count: Int
        var scalar: UInt32
        switch first {
        case 0xc2...0xdf: (count, scalar) = (1, UInt32(first & 0x1f))
        case 0xe0...0xef: (count, scalar) = (2, UInt32(first & 0x0f))
        case 0xf0...0xf4: (count, scalar) = (3, UInt32(first & 0x07))
        default: return 0xfffd
        }
        guard end - at >= count else { return 0xfffd }
        for offset in 0..<count {
            guard bytes[at + offset] & 0xc0 == 0x80 else { return 0xfffd }
            scalar = scalar << 6 | UInt32(bytes[at + offset] & 0x3f)
        }
        let least: UInt32 = count == 1 ? 0x80 : count == 2 ? 0x800 : 0x1_0000
        guard scalar >= least, scalar <= 0x10_ffff, !(0xd800...0xdfff).contains(scalar) else { return 0xfffd }
        at += count
        return scalar
    }
}
