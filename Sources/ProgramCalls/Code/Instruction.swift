/// What the search for system calls needs to know of an instruction, of either machine.
struct Instruction: Sendable {
    /// Where the program goes on behind it.
    enum Flow: Sendable, Equatable {
        /// With the next instruction.
        case next
        /// At `target`.
        case jump
        /// With the next instruction or at `target`.
        case branch
        /// At `target` (nil: elsewhere), and then with the next instruction.
        case call
        /// Elsewhere: a return, a jump through a register, a trap.
        case end
        /// In the kernel, and then with the next instruction.
        case systemCall
    }

    /// What it does to the registers.
    enum Effect: Sendable, Equatable {
        /// Nothing that matters.
        case none
        /// A register gets this value.
        case constant(UInt8, UInt64)
        /// A register gets another's.
        case copy(UInt8, from: UInt8)
        /// A register may get another's, or something unknown.
        case mayCopy(UInt8, from: UInt8?)
        /// These registers, a bit each, get something unknown.
        case clobber(UInt32)
        /// A number goes onto the stack.
        case push(UInt64)
        /// A register gets what is on the stack.
        case pop(UInt8)
    }

    var address: UInt64
    var length: UInt8
    var flow: Flow = .next
    var effect: Effect = .none
    /// Where a jump or call leads.
    var target: UInt64?
    /// An address that it names relative to itself: data, a function, a word with a function's address.
    var reference: UInt64?
}

/// The registers that calls go by.
struct CallConvention: Sendable {
    /// What holds the number of a system call.
    var number: UInt8
    /// What hold a function's first arguments.
    var arguments: [UInt8]
    /// What a called function may change, a bit each.
    var clobbered: UInt32

    /// System V AMD64 ABI, 3.2.3 and A.2.1; registers as instructions number them: rax rcx rdx rbx rsp rbp rsi rdi r8 ….
    static let x86_64 = CallConvention(number: 0, arguments: [7, 6, 2, 1, 8, 9], clobbered: 0b1111_1100_0111)
    /// Procedure Call Standard for the Arm 64-bit Architecture, 6.1.1; syscall(2) for the number.
    static let arm64 = CallConvention(number: 8, arguments: [0, 1, 2, 3, 4, 5, 6, 7], clobbered: 0x0007_ffff)
}
