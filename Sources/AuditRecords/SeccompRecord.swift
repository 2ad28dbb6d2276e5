public import EventModel

/// A system call that a seccomp filter told of: logged, refused, or the end of the process (audit's SECCOMP records, since Linux
/// 4.14 for SCMP_ACT_LOG and for filters with SECCOMP_FILTER_FLAG_LOG; `audit_seccomp`, kernel/auditsc.c). It is written before the
/// call begins, so it stands alone, without the call's own records.
public struct SeccompRecord: Sendable, Equatable {
    /// What the filter did (`SECCOMP_RET_…`, linux/seccomp.h).
    public enum Action: Sendable, Equatable {
        case allowed
        /// The call went on and was told.
        case logged
        /// It failed; the record does not say with what errno.
        case refused
        /// The process got SIGSYS.
        case trapped
        case killedThread
        case killedProcess
        /// Handed to a tracer or supervisor, or an action that is newer than this.
        case other(UInt32)

        init(_ code: UInt32) {
            switch code & 0xffff_0000 {
            case 0x7fff_0000: self = .allowed
            case 0x7ffc_0000: self = .logged
            case 0x0005_0000: self = .refused
            case 0x0003_0000: self = .trapped
            case 0x0000_0000: self = .killedThread
            case 0x8000_0000: self = .killedProcess
            default: self = .other(code)
            }
        }
    }

    /// Nanoseconds since the epoch.
    public var timeNanoseconds: UInt64
    /// The process in the initial pid namespace.
    public var pid: Int32
    /// Its real user id.
    public var uid: UInt32
    /// Its name.
    public var command: [UInt8]
    /// Its executable, as its own mount namespace has it.
    public var executable: [UInt8]
    /// The ABI of the call.
    public var architecture: RawEvent.Architecture
    /// The call's number in that ABI; x32 numbers have their bit.
    public var number: Int32
    /// Where the program was.
    public var instruction: UInt64
    /// What the filter did.
    public var action: Action

    /// Reads a record's fields; nil when those that matter are missing.
    init?(_ id: EventID, _ text: Span<UInt8>, from offset: Int) {
        timeNanoseconds = id.time
        (pid, uid, command, executable) = (0, .max, [], [])
        instruction = 0
        var abi: UInt64?
        var call: Int32?
        var code: UInt32?
        var cursor = FieldCursor(at: offset)
        while cursor.nextName(text) {
            switch cursor.name {
            case FieldName.pid: pid = cursor.signed32(text) ?? 0
            case FieldName.uid: uid = cursor.decimal32(text) ?? .max
            case FieldName.comm: _ = cursor.text(text, into: &command)
            case FieldName.exe: _ = cursor.text(text, into: &executable)
            case FieldName.arch: abi = cursor.hexadecimal(text)
            case FieldName.syscall: call = cursor.signed32(text)
            case FieldName.ip: instruction = cursor.hexadecimal(text) ?? 0
            case FieldName.code: code = cursor.hexadecimal(text).flatMap { UInt32(exactly: $0) }
            default: cursor.skipValue(text)
            }
        }
        guard pid > 0, let abi = abi.flatMap({ UInt32(exactly: $0) }), let call, let code else { return nil }
        architecture = RawEvent.Architecture(rawValue: abi)
        number = call
        action = Action(code)
    }
}
