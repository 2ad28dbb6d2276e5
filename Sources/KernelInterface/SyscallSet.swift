/// System calls of one ABI, a bit for each number.
public struct SyscallSet: Sendable {
    /// Whose numbers they are.
    public let abi: SyscallCatalogue.ABI
    /// The bits of 1,024 numbers, from the lowest up; x32 numbers without their bit. The last one stands for every number that no
    /// table of calls has.
    public let words: InlineArray<16, UInt64>

    /// A set from its bits.
    public init(abi: SyscallCatalogue.ABI, words: InlineArray<16, UInt64>) { (self.abi, self.words) = (abi, words) }

    /// Whether nothing is in it.
    public var isEmpty: Bool {
        for index in words.indices where words[index] != 0 { return false }
        return true
    }

    /// Calls `body` for each number, in order, as the kernel sees it: those of x32 have their bit (__X32_SYSCALL_BIT).
    public func forEachNumber(_ body: (Int32) -> Void) {
        let base: Int32 = abi == .x32 ? 0x4000_0000 : 0
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                body(base + Int32(index * 64 + word.trailingZeroBitCount))
                word &= word - 1
            }
        }
    }

    /// The names of the calls in the order of their numbers; a number without a name as `#1023`.
    public var names: [String] {
        var names: [String] = []
        forEachNumber { names.append(SyscallCatalogue.name(of: $0, abi) ?? "#\($0)") }
        return names
    }
}
