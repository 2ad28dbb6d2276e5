/// What the /proc scan takes from /proc/PID/stat (proc_pid_stat(5)) to tell processes and their programs apart.
struct ProcessImage: Equatable, Sendable {
    var parentPID: Int32
    /// When the process started, in clock ticks since boot: with the pid the identity of a process.
    var startTicks: UInt64
    /// Where the program's code and the stack begin. The kernel chooses both anew at each exec (address space layout
    /// randomisation) and a fork keeps them. 0 (or 1) without permission, for kernel threads and for zombies.
    var startCode: UInt64
    var startStack: UInt64
    /// A hash of the command name, for kernels that do not choose addresses at random.
    var commandHash: UInt64
    var isKernelThread: Bool
    var isZombie: Bool

    /// PF_KTHREAD (linux/sched.h).
    private static let kernelThreadFlag: UInt64 = 0x0020_0000

    /// Parses the file's text; nil when it is not one.
    init?(_ text: [UInt8]) {
        // The command name may hold any byte, parentheses too: the last `)` ends it.
        guard let open = text.firstIndex(of: UInt8(ascii: "(")), let close = text.lastIndex(of: UInt8(ascii: ")")),
            open < close
        else { return nil }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text[open + 1..<close] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        commandHash = hash
        var position = close + 1
        var numbers = InlineArray<29, UInt64>(repeating: 0)
        var state: UInt8 = 0
        // Fields count from 1; the state is the third.
        for field in 3...28 {
            while position < text.count, text[position] == 0x20 { position += 1 }
            guard position < text.count, text[position] > 0x20 else { return nil }
            if field == 3 { state = text[position] }
            while position < text.count, text[position] > 0x20 {
                let digit = UInt64(text[position] &- 0x30)
                // Only fields that are never negative are used; a sign gives a meaningless number in the others.
                if digit <= 9 { numbers[field] = numbers[field] &* 10 &+ digit }
                position += 1
            }
        }
        parentPID = Int32(truncatingIfNeeded: numbers[4])
        isKernelThread = numbers[9] & Self.kernelThreadFlag != 0
        startTicks = numbers[22]
        startCode = numbers[26]
        startStack = numbers[28]
        isZombie = state == UInt8(ascii: "Z") || state == UInt8(ascii: "X")
    }

    /// Whether both run the same program since the same exec: true too between a process and one it forked.
    func isSameProgram(as other: ProcessImage, comparesCommand: Bool) -> Bool {
        startCode == other.startCode && startStack == other.startStack
            && (!comparesCommand || commandHash == other.commandHash)
    }
}
