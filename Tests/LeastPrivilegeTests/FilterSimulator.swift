@testable import KernelInterface
@testable import LeastPrivilege

/// What a profile's filter does with a call, by running its program (classic BPF as seccomp has it, linux/filter.h and
/// kernel/seccomp.c) instead of making the call.
struct FilterSimulator {
    private struct Instruction {
        var code: UInt16
        var whenTrue: UInt8
        var whenFalse: UInt8
        var operand: UInt32
    }

    private let program: [Instruction]

    init(_ profile: SeccompProfile) throws {
        var defects: [SeccompProfile.Defect] = []
        let bytes = try profile.program(&defects).instructions()
        guard defects.isEmpty else { throw Unusable(defects: defects) }
        program = stride(from: 0, to: bytes.count, by: 8).map { start in
            func number(_ offset: Int, _ size: Int) -> UInt32 {
                (0..<size).reduce(0) { $0 | UInt32(bytes[start + offset + $1]) << UInt32(8 * $1) }
            }
            return Instruction(
                code: UInt16(number(0, 2)), whenTrue: bytes[start + 2], whenFalse: bytes[start + 3],
                operand: number(4, 4))
        }
    }

    struct Unusable: Error { var defects: [SeccompProfile.Defect] }

    /// What the call meets: `SECCOMP_RET_…`; nil for an instruction that is not known here.
    func action(_ name: String, _ abi: SyscallCatalogue.ABI, arguments: [UInt64] = []) -> SeccompProgram.Action? {
        guard let number = SyscallCatalogue.number(of: name, abi) else { return nil }
        // struct seccomp_data.
        var data = [UInt32(bitPattern: number), abi.auditArchitecture, 0, 0]
        for index in 0..<6 {
            let value = index < arguments.count ? arguments[index] : 0
            data += [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
        }
        var (accumulator, next): (UInt32, Int) = (0, 0)
        while next < program.count {
            let step = program[next]
            next += 1
            func jump(_ condition: Bool) { next += Int(condition ? step.whenTrue : step.whenFalse) }
            switch step.code {
            case 0x20: accumulator = data[Int(step.operand) / 4]
            case 0x05: next += Int(step.operand)
            case 0x15: jump(accumulator == step.operand)
            case 0x25: jump(accumulator > step.operand)
            case 0x35: jump(accumulator >= step.operand)
            case 0x45: jump(accumulator & step.operand != 0)
            case 0x54: accumulator &= step.operand
            case 0x06: return SeccompProgram.Action(rawValue: step.operand)
            default: return nil
            }
        }
        return nil
    }
}
