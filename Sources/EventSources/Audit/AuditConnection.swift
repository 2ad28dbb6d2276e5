import Glibc
import KernelInterface

/// The way on which records come. Implemented over netlink, and by tests with a script.
protocol AuditConnection: AnyObject {
    /// The descriptor to wait on.
    var descriptor: Int32 { get }
    /// Makes this process the one that receives all records. EEXIST: another one is.
    func claim() throws(AuditFailure)
    /// Ends that, without waiting for the kernel to be done: it may be busy sending to us.
    func release()
    /// Receives a copy of what the owner receives, as far as the socket's buffer holds it.
    func joinMulticast() throws(AuditFailure)
    /// Ends that.
    func leaveMulticast()
    /// Reads what is there without waiting; false when nothing is. Throws ENOBUFS once after an overflow.
    func receive(into batch: inout NetlinkBatch) throws(KernelError) -> Bool
}

/// Records over NETLINK_AUDIT.
final class NetlinkAuditConnection: AuditConnection {
    /// `AUDIT_NLGRP_READLOG`.
    private static let readLogGroup: UInt32 = 1
    /// How long to wait for the kernel's answer to a claim.
    private static let answerMilliseconds: Int32 = 2000
    /// A record's text has at most 8560 bytes (`AUDIT_MESSAGE_TEXT_MAX`), a datagram at most 8970 (libaudit.h).
    static let slotBytes = 9216

    private var socket: NetlinkSocket
    /// Whether another process has claimed the records for this socket.
    private var isTakenOver = false
    private var sequence: UInt32 = 0
    /// Records that came while the answer to a claim was awaited: the first thing to deliver.
    private var early: [[UInt8]] = []

    init(receiveBufferBytes: Int32) throws(AuditFailure) {
        do throws(KernelError) {
            socket = try AuditSocket.open()
            try socket.setReceiveBuffer(bytes: receiveBufferBytes)
        } catch { throw AuditDiagnosis.failure(opening: error) }
    }

    /// Goes on with the socket that another process has open under a number.
    init(of process: Int32, descriptor: Int32) throws(KernelError) {
        socket = try AuditSocket.adopt(from: process, descriptor)
        isTakenOver = true
    }

    var descriptor: Int32 { socket.rawValue }

    func claim() throws(AuditFailure) {
        sequence &+= 1
        let request = AuditMessage.request(
            .set, AuditStatusChange(pid: getpid()).encoded, sequence: sequence
        )
        do throws(KernelError) {
            try socket.send(request)
            let answer = try awaitAnswer()
            guard answer == 0 else {
                throw KernelError(call: "AUDIT_SET pid", object: AuditSocket.name, errno: answer)
            }
        } catch { throw AuditDiagnosis.failure(claiming: error) }
    }

    /// The answer comes on the socket that from now on carries records, so records may come first.
    private func awaitAnswer() throws(KernelError) -> Int32 {
        var batch = NetlinkBatch(slot: Self.slotBytes, capacity: 16)
        let end = KernelClock.monotonic() + UInt64(Self.answerMilliseconds) * 1_000_000
        while KernelClock.monotonic() < end {
            guard try socket.wait(milliseconds: Self.answerMilliseconds) else { continue }
            while try receiveFromSocket(into: &batch) {
                var found: Int32?
                for index in 0..<batch.count where batch.isFromKernel(index) {
                    let range = batch.range(index)
                    let datagram = batch.buffer.span.extracting(range)
                    guard let message = AuditMessage(datagram) else { continue }
                    if message.kind == .acknowledgement, message.sequence == sequence {
                        found = AuditMessage.errorNumber(datagram.extracting(AuditMessage.headerBytes...))
                    } else {
                        early.append(Array(batch.buffer[range]))
                    }
                }
                if let found { return found }
            }
        }
        throw KernelError(call: "AUDIT_SET pid", object: AuditSocket.name, errno: ETIMEDOUT)
    }

    private func receiveFromSocket(into batch: inout NetlinkBatch) throws(KernelError) -> Bool {
        do throws(KernelError) { return try socket.receive(into: &batch) } catch {
            // Records were too many; the answer is still to come.
            if error.errno == ENOBUFS { return false }
            throw error
        }
    }

    func release() {
        // Only who claimed the records may sign off. With the socket gone the kernel lets another one claim them.
        if isTakenOver, let own = try? AuditSocket.open() {
            socket = own
            isTakenOver = false
            sendOwner(getpid())
        }
        sendOwner(0)
    }

    /// The kernel does it before the call returns; nobody waits for its answer.
    private func sendOwner(_ pid: Int32) {
        sequence &+= 1
        let request = AuditMessage.request(
            .set, AuditStatusChange(pid: pid).encoded, sequence: sequence, acknowledged: false
        )
        try? socket.send(request)
    }

    func joinMulticast() throws(AuditFailure) {
        do throws(KernelError) { try socket.join(group: Self.readLogGroup) } catch {
            throw AuditDiagnosis.failure(joining: error)
        }
    }

    func leaveMulticast() { try? socket.leave(group: Self.readLogGroup) }

    func receive(into batch: inout NetlinkBatch) throws(KernelError) -> Bool {
        if !early.isEmpty {
            let count = min(early.count, NetlinkBatch.maximumCount)
            batch.replace(with: Array(early.prefix(count)))
            early.removeFirst(count)
            return true
        }
        return try socket.receive(into: &batch)
    }
}

/// The audit protocol's socket.
enum AuditSocket {
    static let name = "NETLINK_AUDIT"
    /// `NETLINK_AUDIT` (linux/netlink.h).
    private static let protocolNumber: Int32 = 9

    static func open() throws(KernelError) -> NetlinkSocket {
        try NetlinkSocket(protocol: protocolNumber, name: name)
    }

    static func adopt(from process: Int32, _ descriptor: Int32) throws(KernelError) -> NetlinkSocket {
        try NetlinkSocket(of: process, descriptor: descriptor, protocol: protocolNumber, name: name)
    }
}
