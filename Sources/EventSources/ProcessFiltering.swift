public import EventModel

/// A process as it was at one moment to a source whose filter knows it.
public struct ProcessGeneration: Sendable, Equatable {
    /// The number that the kernel's filter gave it, another one after each change.
    public var number: UInt64
    /// When it had this number already, or a later one: nanoseconds since the boot, as `RawEvent.bootNanoseconds`.
    public var bootNanoseconds: UInt64

    /// From the parts.
    public init(number: UInt64, bootNanoseconds: UInt64) {
        self.number = number
        self.bootNanoseconds = bootNanoseconds
    }
}

/// A source whose filter in the kernel knows for a process which alternatives are possible for it.
///
/// The kernel gives a process another number whenever something happens to it that may change the answer, and from then on counts all
/// alternatives as possible until it is told for that number.
public protocol ProcessFiltering: AnyObject {
    /// Which source it is.
    var kind: SourceKind { get }
    /// The number that a process has, and when that was; nil when the process is gone.
    func generation(ofProcess pid: Int32) -> ProcessGeneration?
    /// Tells the kernel which alternatives are possible for a process, for each filter of a program in its order. False when the
    /// process has another number by now or is gone, and when the source filters by another program; then all stay possible.
    func setPossible(
        _ sets: [AlternativeSet], of program: FilterProgram, process pid: Int32, generation: UInt64
    ) -> Bool
    /// Makes everything possible again for all processes: what is known of them has changed otherwise than by what they did.
    func forgetProcesses()
}
