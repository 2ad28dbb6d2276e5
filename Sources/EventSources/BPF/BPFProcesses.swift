import BPFFilter
public import EventModel
import KernelInterface

/// What the bits of processes mean that the programs have. The kernel keeps them with the process and for as long, so that their
/// number is bounded by what runs.
struct BPFProcesses {
    private var program: FilterProgram?
    private var image = FilterImage()

    /// From now on bits mean alternatives of this program, laid out as in the image; nil: there is no program.
    mutating func use(_ program: FilterProgram?, _ image: FilterImage) { (self.program, self.image) = (program, image) }

    /// Makes all bits of all processes count again.
    mutating func forgetAll(_ connection: any BPFConnection) {
        program = nil
        connection.forgetProcesses()
    }

    /// Sets which alternatives of a program are possible for a process, as it was when it had a number.
    func set(
        _ sets: [AlternativeSet], of program: FilterProgram, _ pid: Int32, _ generation: UInt64,
        _ connection: any BPFConnection
    ) -> Bool {
        self.program == program
            && connection.set(image.processWords(for: sets), ofProcess: pid, generation: generation)
    }
}

extension BPFSource: ProcessFiltering {
    /// The number that the kernel's programs gave a process; another one after each change of it.
    public func generation(ofProcess pid: Int32) -> ProcessGeneration? {
        guard !hasEnded, let number = connection.generation(ofProcess: pid) else { return nil }
        // Behind it: what is recorded later is of this number or of a later one.
        return ProcessGeneration(number: number, bootNanoseconds: KernelClock.boot())
    }

    /// Lets the programs stop what is not possible for a process, before anything else is looked at.
    public func setPossible(
        _ sets: [AlternativeSet], of program: FilterProgram, process pid: Int32, generation: UInt64
    ) -> Bool {
        !hasEnded && filter.processes.set(sets, of: program, pid, generation, connection)
    }

    /// Lets the programs stop nothing of a process until they are told again what is possible for it.
    public func forgetProcesses() { if !hasEnded { connection.forgetProcesses() } }
}
