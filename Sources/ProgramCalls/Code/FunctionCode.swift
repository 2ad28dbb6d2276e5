/// The instructions of one function, with the ways between them.
struct FunctionCode: Sendable {
    let instructions: [Instruction]
    private let isLong: Bool
    /// Numbers of the instructions that jump to one of this function, by its number.
    private var jumpers: [Int: [Int]] = [:]

    /// A function is looked at to this length; the longest of what Debian ships has some 100 000 instructions.
    static let mostInstructions = 1 << 21

    /// - Parameter budget: how many instructions may still be read; what is read is taken from it.
    init(_ image: ELFImage, _ range: Range<UInt64>, budget: inout Int) {
        var list: [Instruction] = []
        var address = range.lowerBound
        var pages = ARM64Pages()
        let limit = min(budget, Self.mostInstructions)
        if var offset = image.offset(of: address) {
            while address < range.upperBound, list.count < limit {
                var next: Instruction?
                switch image.machine {
                case .x86_64: next = X86Decoder.decode(image.file, at: offset, address: address)
                case .arm64:
                    next = ARM64Decoder.decode(image.file, at: offset, address: address)
                    if let word = image.file.word(offset), let found = pages.reference(word, address: address) {
                        next?.reference = found
                    }
                }
                guard let next else { break }
                list.append(next)
                offset &+= Int(next.length)
                address &+= UInt64(next.length)
            }
        }
        budget -= list.count
        isLong = address < range.upperBound
        instructions = list
        for (index, instruction) in list.enumerated() {
            guard instruction.flow == .jump || instruction.flow == .branch, let target = instruction.target,
                let place = self.index(of: target)
            else { continue }
            jumpers[place, default: []].append(index)
        }
    }

    /// Whether there is more of it than was read.
    var isCutOff: Bool { isLong }

    /// The number of the instruction that begins at an address.
    func index(of address: UInt64) -> Int? {
        var (low, high) = (0, instructions.count)
        while low < high {
            let middle = (low + high) / 2
            if instructions[middle].address < address { low = middle + 1 } else { high = middle }
        }
        return low < instructions.count && instructions[low].address == address ? low : nil
    }

    // MARK: What a register holds

    /// A place where the function is entered with a number in a register.
    struct Entry: Hashable, Sendable {
        var address: UInt64
        var register: UInt8
    }

    /// What a register can hold at a place.
    struct Values: Sendable {
        var numbers: Set<UInt64> = []
        /// Where the function is entered with it.
        var entries: Set<Entry> = []
        /// Whether it can hold something else: what memory or arithmetic gave.
        var isUnknown = false
    }

    /// What a register can hold before an instruction, found by going all ways back from there.
    ///
    /// - Parameter isEntry: whether code elsewhere calls or jumps to an address.
    func values(
        of register: UInt8, before index: Int, _ convention: CallConvention, isEntry: (UInt64) -> Bool
    ) -> Values {
        var values = Values()
        var seen: Set<Int> = []
        var waiting = [(index, register)]
        while let (place, register) = waiting.popLast() {
            var earlier = jumpers[place] ?? []
            if place > 0, Self.goesOn(instructions[place - 1].flow) { earlier.append(place - 1) }
            // What nothing leads to is where it is entered: a function, or what a table of jumps leads to.
            if place == 0 || earlier.isEmpty || isEntry(instructions[place].address) {
                values.entries.insert(Entry(address: instructions[place].address, register: register))
            }
            for before in earlier {
                guard seen.insert(before << 5 | Int(register)).inserted else { continue }
                switch step(before, register, convention, &values) {
                case .goOn(let register): waiting.append((before, register))
                case .both(let one, let other): waiting += [(before, one), (before, other)]
                case .stop: break
                }
            }
        }
        // Behind a call on all ways: that one does not return, and what leads here is a table of jumps.
        if values.numbers.isEmpty, values.entries.isEmpty, !values.isUnknown {
            values.numbers = constants(of: register)
            values.isUnknown = values.numbers.isEmpty
        }
        return values
    }

    /// Whatever constants are put into a register anywhere.
    func constants(of register: UInt8) -> Set<UInt64> {
        var found: Set<UInt64> = []
        for instruction in instructions {
            if case .constant(register, let value) = instruction.effect { found.insert(value) }
        }
        return found
    }

    private enum Step { case goOn(UInt8), both(UInt8, UInt8), stop }

    private func step(_ index: Int, _ register: UInt8, _ convention: CallConvention, _ values: inout Values) -> Step {
        let instruction = instructions[index]
        // What a call leaves in a register is no number of a system call: this way is one that does not return.
        if instruction.flow == .call {
            return convention.clobbered >> UInt32(register) & 1 == 1 ? .stop : .goOn(register)
        }
        switch instruction.effect {
        case .none, .push: return .goOn(register)
        case .constant(let to, let value):
            guard to == register else { return .goOn(register) }
            values.numbers.insert(value)
            return .stop
        case .copy(let to, let from): return .goOn(to == register ? from : register)
        case .mayCopy(let to, let from):
            guard to == register else { return .goOn(register) }
            guard let from else {
                values.isUnknown = true
                return .goOn(register)
            }
            return .both(register, from)
        case .clobber(let registers):
            guard registers >> UInt32(register) & 1 == 1 else { return .goOn(register) }
            values.isUnknown = true
            return .stop
        case .pop(let to):
            guard to == register else { return .goOn(register) }
            if index > 0, case .push(let value) = instructions[index - 1].effect {
                values.numbers.insert(value)
            } else {
                values.isUnknown = true
            }
            return .stop
        }
    }

    private static func goesOn(_ flow: Instruction.Flow) -> Bool { flow != .jump && flow != .end }
}
