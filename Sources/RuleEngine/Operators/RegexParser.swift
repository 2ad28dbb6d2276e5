/// Reads POSIX extended regular expressions (egrep syntax, as RE2's POSIX mode) into automata.
///
/// There are no back-references, lazy quantifiers, inline flags or Perl classes. Repetition counts go to 1000 and the
/// automaton to `RegexProgram.maximumSize`, so no expression can take unbounded memory.
struct RegexParser {
    /// What is wrong with an expression.
    struct SyntaxError: Error {
        let message: String
    }

    private indirect enum Tree {
        case empty
        case set(RegexProgram.ScalarSet)
        case lineStart, lineEnd
        case sequence([Tree])
        case choice([Tree])
        case repetition(Tree, least: Int, most: Int?)
    }

    private static let maximumCount = 1000
    private static let maximumDepth = 200
    private static let lastScalar: UInt32 = 0x10_ffff

    private let pattern: [UInt8]
    private var at = 0
    private var depth = 0

    private init(_ pattern: [UInt8]) { self.pattern = pattern }

    /// Compiles an expression.
    static func parse(_ pattern: [UInt8]) throws(SyntaxError) -> RegexProgram {
        var parser = RegexParser(pattern)
        let tree = try parser.choice()
        guard parser.at == pattern.count else { throw SyntaxError(message: "')' without '('") }
        var program = RegexProgram(pattern: pattern)
        try emit(tree, &program)
        program.instructions.append(.match)
        return program
    }

    // MARK: - Reading

    private var next: UInt8? { at < pattern.count ? pattern[at] : nil }

    private mutating func choice() throws(SyntaxError) -> Tree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw SyntaxError(message: "groups nest too deep") }
        var branches = [try sequence()]
        while next == UInt8(ascii: "|") {
            at += 1
            branches.append(try sequence())
        }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(SyntaxError) -> Tree {
        var parts: [Tree] = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            var part = try atom()
            while let (least, most) = try quantifier() { part = .repetition(part, least: least, most: most) }
            parts.append(part)
        }
        return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom() throws(SyntaxError) -> Tree {
        let byte = pattern[at]
        switch byte {
        case UInt8(ascii: "("):
            at += 1
            let group = try choice()
            guard next == UInt8(ascii: ")") else { throw SyntaxError(message: "'(' without ')'") }
            at += 1
            return group
        case UInt8(ascii: "["):
            at += 1
            return .set(try bracket())
        case UInt8(ascii: "."):
            at += 1
            return .set(.init(ranges: [0...0x09, 0x0b...Self.lastScalar]))
        case UInt8(ascii: "^"):
            at += 1
            return .lineStart
        case UInt8(ascii: "$"):
            at += 1
            return .lineEnd
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
            throw SyntaxError(message: "'\(Character(UnicodeScalar(byte)))' repeats nothing")
        case UInt8(ascii: "\\"):
            let scalar = try escape()
            return .set(.init(ranges: [scalar...scalar]))
        default:
            let scalar = UTF8Scalars.decode(pattern, &at, pattern.count) ?? 0xfffd
            return .set(.init(ranges: [scalar...scalar]))
        }
    }

    /// Takes a quantifier if one comes next. Braces that are none are ordinary characters.
    private mutating func quantifier() throws(SyntaxError) -> (least: Int, most: Int?)? {
        switch next {
        case UInt8(ascii: "*"): at += 1; return (0, nil)
        case UInt8(ascii: "+"): at += 1; return (1, nil)
        case UInt8(ascii: "?"): at += 1; return (0, 1)
        case UInt8(ascii: "{"): break
        default: return nil
        }
        let start = at
        at += 1
        guard let least = number() else {
            at = start
            return nil
        }
        var most: Int? = least
        if next == UInt8(ascii: ",") {
            at += 1
            most = number()
        }
        guard next == UInt8(ascii: "}") else {
            at = start
            return nil
        }
        at += 1
        guard least <= Self.maximumCount, most ?? 0 <= Self.maximumCount else {
            throw SyntaxError(message: "repetition counts go to \(Self.maximumCount)")
        }
        if let most, most < least { throw SyntaxError(message: "the repetition's bounds are the wrong way round") }
        return (least, most)
    }

    private mutating func number() -> Int? {
        let digits = pattern[at...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard !digits.isEmpty else { return nil }
        at = digits.endIndex
        return Int(String(decoding: digits, as: UTF8.self)) ?? .max
    }

    private mutating func escape() throws(SyntaxError) -> UInt32 {
        at += 1
        guard let byte = next else { throw SyntaxError(message: "a backslash stands at the end") }
        at += 1
        switch byte {
        case UInt8(ascii: "n"): return 0x0a
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "r"): return 0x0d
        case UInt8(ascii: "f"): return 0x0c
        case UInt8(ascii: "v"): return 0x0b
        case UInt8(ascii: "a"): return 0x07
        case UInt8(ascii: "x"):
            guard at + 2 <= pattern.count,
                let value = UInt32(String(decoding: pattern[at..<(at + 2)], as: UTF8.self), radix: 16)
            else { throw SyntaxError(message: "'\\x' needs two hexadecimal digits") }
            at += 2
            return value
        default:
            if CharacterClass.punct.contains(byte) { return UInt32(byte) }
            if byte >= 0x80 {
                at -= 1
                return UTF8Scalars.decode(pattern, &at, pattern.count) ?? 0xfffd
            }
            let name = Character(UnicodeScalar(byte))
            if CharacterClass.digit.contains(byte) {
                throw SyntaxError(message: "'\\\(name)': back-references are not supported")
            }
            throw SyntaxError(message: "'\\\(name)' is not POSIX syntax; write a class such as [[:digit:]]")
        }
    }

    private mutating func bracket() throws(SyntaxError) -> RegexProgram.ScalarSet {
        var isNegated = false
        if next == UInt8(ascii: "^") {
            isNegated = true
            at += 1
        }
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while let byte = next {
            if byte == UInt8(ascii: "]"), !isFirst {
                at += 1
                return Self.set(ranges, isNegated: isNegated)
            }
            isFirst = false
            if byte == UInt8(ascii: "["), at + 1 < pattern.count, pattern[at + 1] == UInt8(ascii: ":") {
                ranges += try namedClass()
                continue
            }
            let low = try bracketElement()
            var high = low
            if next == UInt8(ascii: "-"), at + 1 < pattern.count, pattern[at + 1] != UInt8(ascii: "]") {
                at += 1
                high = try bracketElement()
            }
            guard low <= high else { throw SyntaxError(message: "a range in brackets is the wrong way round") }
            ranges.append(low...high)
        }
        throw SyntaxError(message: "'[' without ']'")
    }

    private mutating func bracketElement() throws(SyntaxError) -> UInt32 {
        if next == UInt8(ascii: "\\") { return try escape() }
        guard let scalar = UTF8Scalars.decode(pattern, &at, pattern.count) else {
            throw SyntaxError(message: "'[' without ']'")
        }
        return scalar
    }

    private mutating func namedClass() throws(SyntaxError) -> [ClosedRange<UInt32>] {
        var name = pattern[(at + 2)...].prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == 0x5e }
        at = name.endIndex
        guard at + 1 < pattern.count, pattern[at] == UInt8(ascii: ":"), pattern[at + 1] == UInt8(ascii: "]") else {
            throw SyntaxError(message: "'[:' without ':]'")
        }
        at += 2
        let isNegated = name.first == UInt8(ascii: "^")
        if isNegated { name = name.dropFirst() }
        guard let found = CharacterClass(name: name) else {
            throw SyntaxError(message: "no class is named [:\(String(decoding: name, as: UTF8.self)):]")
        }
        let ranges = found.ranges.map { UInt32($0.lowerBound)...UInt32($0.upperBound) }
        return Self.set(ranges, isNegated: isNegated).ranges
    }

    private static func set(_ ranges: [ClosedRange<UInt32>], isNegated: Bool) -> RegexProgram.ScalarSet {
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound &+ 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        guard isNegated else { return .init(ranges: merged) }
        var rest: [ClosedRange<UInt32>] = []
        var start: UInt32 = 0
        for range in merged {
            if range.lowerBound > start { rest.append(start...(range.lowerBound - 1)) }
            start = range.upperBound + 1
        }
        if start <= lastScalar { rest.append(start...lastScalar) }
        return .init(ranges: rest)
    }

    // MARK: - Writing

    private static func append(
        _ instruction: RegexProgram.Instruction, _ program: inout RegexProgram
    ) throws(SyntaxError) {
        guard program.instructions.count < RegexProgram.maximumSize else {
            throw SyntaxError(message: "the expression is too large")
        }
        program.instructions.append(instruction)
    }

    private static func emit(_ tree: Tree, _ program: inout RegexProgram) throws(SyntaxError) {
        switch tree {
        case .empty: return
        case .set(let set):
            try append(.set(program.sets.count), &program)
            program.sets.append(set)
        case .lineStart: try append(.lineStart, &program)
        case .lineEnd: try append(.lineEnd, &program)
        case .sequence(let parts): for part in parts { try emit(part, &program) }
        case .choice(let branches): try emit(choice: branches, &program)
        case .repetition(let part, let least, let most): try emit(part, least, most, &program)
        }
    }

    private static func emit(choice branches: [Tree], _ program: inout RegexProgram) throws(SyntaxError) {
        var ends: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                try emit(branch, &program)
                break
            }
            let split = program.instructions.count
            try append(.split(split + 1, 0), &program)
            try emit(branch, &program)
            ends.append(program.instructions.count)
            try append(.jump(0), &program)
            program.instructions[split] = .split(split + 1, program.instructions.count)
        }
        for end in ends { program.instructions[end] = .jump(program.instructions.count) }
    }

    private static func emit(
        _ part: Tree, _ least: Int, _ most: Int?, _ program: inout RegexProgram
    ) throws(SyntaxError) {
        for _ in 0..<least {
            let size = program.instructions.count
            try emit(part, &program)
            // What reads nothing need not be repeated, and nested counts of it would take for ever.
            if program.instructions.count == size { break }
        }
        guard let most else {
            let split = program.instructions.count
            try append(.split(split + 1, 0), &program)
            try emit(part, &program)
            try append(.jump(split), &program)
            program.instructions[split] = .split(split + 1, program.instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in 0..<(most - least) {
            splits.append(program.instructions.count)
            try append(.split(0, 0), &program)
            try emit(part, &program)
        }
        for split in splits { program.instructions[split] = .split(split + 1, program.instructions.count) }
    }
}
