import Glibc
import KernelInterface

/// The socket that audit's records go to, shared with the Shrike that reads it until it ends: who goes on with it misses nothing,
/// since what nobody reads meanwhile waits in it.
///
/// The kernel keeps sending to the socket, and naming the process that claimed the records, for as long as somebody has it open.
public final class AuditTakeover {
    let connection: any AuditConnection
    /// The kernel's count of lost records when it was told of last; what was lost since is still to be told. Nil: not known.
    public var lost: UInt32?

    init(_ connection: any AuditConnection) { self.connection = connection }

    /// Shares the socket that a process has open under this number; nil where it may not be had.
    public init?(from process: Int32, descriptor: Int32) {
        guard let shared = try? NetlinkAuditConnection(of: process, descriptor: descriptor) else { return nil }
        connection = shared
    }

    /// Goes on with nothing: the kernel keeps no records for anybody any more.
    public func giveUp() { connection.release() }
}

extension AuditSource {
    /// The socket, for another Shrike to go on with; nil where records are only a copy.
    public var handoverDescriptor: Int32? { mode == .owner && !isStopped ? connection.descriptor : nil }

    /// The kernel's count of lost records, up to which its losses were told of; nil where it may not be read.
    public var handoverLost: UInt32? { state.canReadStatus ? state.status.lost : nil }

    /// Leaves rules and settings to another Shrike, and reads no more than what completes the events that have begun.
    public func handOver() -> Bool {
        guard mode == .owner, canConfigure, !isStopped, finished == nil else { return false }
        guard lane.send(.leave) else { return false }
        finished = (KernelClock.monotonic(), KernelClock.wall())
        isHandedOver = true
        _ = lane.stop(withinMilliseconds: 0)
        intake.readOneByOne()
        return true
    }
}
