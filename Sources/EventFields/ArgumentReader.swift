import EventModel
import NodeState

/// Finds the values of the current event's arguments.
extension EventFieldReader {
    /// The position of the argument that a field's brackets or dotted name ask for; nil when the event has none such.
    func position(of argument: FieldArgument) -> Int? {
        switch argument {
        case .none: return nil
        case .index(let index): return index >= 0 && index < eventArguments.all.count ? index : nil
        case .key(let name): return eventArguments.all.firstIndex { $0.name == name }
        }
    }

    /// The bytes of an argument that the source brought ready-made; nil when it did not.
    func bytes(of argument: Argument) -> ArraySlice<UInt8>? {
        guard let fact = state.current.event.argument(at: argument.index), fact.bytes.isPresent else { return nil }
        return state.current.event.slice(fact.bytes)
    }

    /// The number that an argument of a numeric kind has; flags in the rule language's own numbers. Nil when no source
    /// told it.
    func number(of argument: Argument) -> Int64? {
        if let fact = state.current.event.argument(at: argument.index), !fact.bytes.isPresent {
            return Int64(bitPattern: fact.number)
        }
        switch argument.source {
        case .unknown, .path, .socketAddress:
            return nil
        case .result:
            return state.current.event.hasResult ? state.current.event.result : nil
        case .register(let index):
            guard let bits = register(index) else { return nil }
            return convert(bits, argument)
        case .openHow(let index):
            guard let how = state.current.event.openHow else { return nil }
            return convert(index == 0 ? how.flags : index == 1 ? how.mode : how.resolve, argument)
        case .descriptor(let index):
            guard index < 2, state.current.event.descriptors[index] >= 0 else { return nil }
            return Int64(state.current.event.descriptors[index])
        case .exitStatus:
            return exitNumber(argument)
        case .attribute(let attribute):
            return number(of: attribute)
        case .field(let row):
            return fieldNumber(row)
        }
    }

    /// A register that the source told; nil for others.
    func register(_ index: Int) -> UInt64? {
        guard index < min(Int(state.current.event.registerCount), 6) else { return nil }
        return state.current.event.registers[index]
    }

    /// A directory descriptor from a register; nil for the current directory and when unknown.
    func directory(_ register: Int?) -> Int32? {
        guard let register, let bits = self.register(register) else { return nil }
        let number = Int32(truncatingIfNeeded: bits)
        return number == atCurrentDirectory ? nil : number
    }

    private func convert(_ bits: UInt64, _ argument: Argument) -> Int64 {
        switch argument.kind {
        case .fileDescriptor, .errorCode, .processID:
            return Int64(Int32(truncatingIfNeeded: bits))
        case .userID, .groupID:
            return Int64(UInt32(truncatingIfNeeded: bits))
        case .flags, .enumeration, .modeBits:
            return flagNumber(bits, argument)
        case .signal:
            return Int64(UInt8(truncatingIfNeeded: bits))
        case .number, .mode:
            return trim(mode(bits, argument), argument.number)
        default:
            return Int64(bitPattern: trimToABI(bits))
        }
    }

    /// Keeps the bits that the argument's type has.
    private func trim(_ bits: UInt64, _ format: EventArgument.NumberFormat) -> Int64 {
        switch (format.bits, format.isSigned) {
        case (8, false): Int64(UInt8(truncatingIfNeeded: bits))
        case (8, true): Int64(Int8(truncatingIfNeeded: bits))
        case (16, false): Int64(UInt16(truncatingIfNeeded: bits))
        case (16, true): Int64(Int16(truncatingIfNeeded: bits))
        case (32, false): Int64(UInt32(truncatingIfNeeded: bits))
        case (32, true): Int64(Int32(truncatingIfNeeded: bits))
        case (_, true):
            is64Bit ? Int64(bitPattern: bits) : Int64(Int32(truncatingIfNeeded: bits))
        case (_, false): Int64(bitPattern: trimToABI(bits))
        }
    }

    private var is64Bit: Bool {
        let architecture = state.current.event.architecture
        return architecture == .none || architecture.is64Bit
    }

    /// A register of a 32-bit call has 32 bits.
    private func trimToABI(_ bits: UInt64) -> UInt64 { is64Bit ? bits : bits & 0xffff_ffff }

    /// Without O_CREAT or O_TMPFILE the kernel ignores an open call's mode, which may be anything then.
    private func mode(_ bits: UInt64, _ argument: Argument) -> UInt64 {
        guard argument.number.notation == .octal, trait.openCall == .open else { return bits }
        return OpenFlags(of: self)?.mayCreate == true ? bits & 0o7777 : 0
    }

    private func flagNumber(_ bits: UInt64, _ argument: Argument) -> Int64 {
        guard let vocabulary = argument.vocabulary else { return Int64(UInt32(truncatingIfNeeded: bits)) }
        if let levelRegister = argument.levelRegister, register(levelRegister).map({ $0 & 0xffff_ffff }) != 1 {
            return 0
        }
        var value = vocabulary.value(ofNative: bits, architecture: state.current.event.architecture)
        if argument.isOpenFlags { value |= openedFileFlags }
        return Int64(value)
    }

    private func exitNumber(_ argument: Argument) -> Int64 {
        // The parts of a wait status: wait(2), WEXITSTATUS and so on.
        let status = Int64(state.current.event.exitStatus)
        switch argument.kind {
        case .signal: return status & 0x7f
        case .number: return status & 0x80 != 0 ? 1 : 0
        default: return argument.name.first == UInt8(ascii: "s") ? status : status >> 8 & 0xff
        }
    }

    private func number(of attribute: Argument.ProcessAttribute) -> Int64? {
        guard let process else { return nil }
        switch attribute {
        case .arguments, .environment: return nil
        case .executableFlags: return Int64(executableFlags(of: process))
        case .inheritable: return Int64(bitPattern: process.capabilities.inheritable)
        case .permitted: return Int64(bitPattern: process.capabilities.permitted)
        case .effective: return Int64(bitPattern: process.capabilities.effective)
        }
    }

    /// The number of a field, for arguments that are a property of the process or descriptor.
    private func fieldNumber(_ row: Int) -> Int64? {
        let value = read(row: row, into: &scratch)
        scratch.reset()
        switch value.kind {
        case .signed, .unsigned, .bool: return value.signed
        default: return nil
        }
    }

    /// The flags of the vocabulary `execve_flags`.
    private func executableFlags(of process: ProcessRecord) -> UInt32 {
        var flags: UInt32 = process.executable.isWritable ? 1 : 0
        if process.isExecutableFromMemory { flags |= 4 }
        switch process.executableLayer {
        case .none: break
        case .upper: flags |= 2
        case .lower: flags |= 8
        }
        return flags
    }

    /// The flags of the vocabulary `file_flags` that tell of the opened file: whether the call created it, and for
    /// containers the overlayfs layer it lies in.
    private var openedFileFlags: UInt32 {
        var flags: UInt32 = createdFile ? 0x4000 : 0
        guard process?.container != nil, let descriptor = state.current.descriptor else { return flags }
        switch descriptor.layer {
        case .none: break
        case .upper: flags |= 0x8000
        case .lower: flags |= 0x10000
        }
        return flags
    }
}

/// `AT_FDCWD` (linux/fcntl.h).
let atCurrentDirectory: Int32 = -100
