import Glibc
import KernelInterface

/// Settings and rules over a NETLINK_AUDIT socket of its own, so that answers do not mix with records.
final class NetlinkAuditControl: AuditControl {
    private static let answerMilliseconds: Int32 = 2000
    private static let requestBufferBytes: Int32 = 1 << 20

    private let socket: NetlinkSocket
    private var sequence: UInt32 = 0
    private var batch = NetlinkBatch(slot: NetlinkAuditConnection.slotBytes, capacity: 16)

    init() throws(AuditFailure) {
        do throws(KernelError) {
            socket = try AuditSocket.open()
            try socket.setReceiveBuffer(bytes: Self.requestBufferBytes)
        } catch { throw AuditDiagnosis.failure(opening: error) }
    }

    func status() throws(AuditFailure) -> AuditStatus {
        var status: AuditStatus?
        try transact(.get, until: .get) { payload in status = AuditStatus(payload.span) }
        guard let status else { throw AuditFailure(reason: "the kernel's answer to AUDIT_GET is too short") }
        return status
    }

    func apply(_ change: AuditStatusChange) throws(AuditFailure) {
        guard !change.isEmpty else { return }
        try transact(.set, change.encoded)
    }

    func rules() throws(AuditFailure) -> [AuditRule] {
        var rules: [AuditRule] = []
        try transact(.listRules, until: .done) { payload in
            if let rule = AuditRule(payload.span) { rules.append(rule) }
        }
        return rules
    }

    func add(_ rule: AuditRule, first: Bool) throws(AuditFailure) {
        try transact(.addRule, rule.encoded(prepend: first), about: rule.description)
    }

    func remove(_ rule: AuditRule) throws(AuditFailure) {
        try transact(.deleteRule, rule.encoded(), about: rule.description)
    }

    func includeMount(at path: [UInt8]) throws(AuditFailure) { try include(path, in: path) }

    func include(_ place: [UInt8], in directory: [UInt8]) throws(AuditFailure) {
        // Two lengths and two texts: the place in the watched tree and the one that is to be like it
        // (kernel/auditfilter.c, audit_receive_msg).
        var payload: [UInt8] = []
        for text in [directory, place] {
            withUnsafeBytes(of: UInt32(text.count)) { payload.append(contentsOf: $0) }
        }
        try transact(.makeEquivalent, payload + directory + place)
    }

    /// Sends a request and waits for its acknowledgement and, where there is one, for the answer that ends with `last`.
    /// The kernel sends both from different threads, so either may come first.
    private func transact(
        _ kind: AuditMessage.Kind, _ payload: [UInt8] = [], about object: String = "",
        until last: AuditMessage.Kind? = nil, answer: ([UInt8]) -> Void = { _ in }
    ) throws(AuditFailure) {
        sequence &+= 1
        do throws(KernelError) {
            try socket.send(AuditMessage.request(kind, payload, sequence: sequence))
            var isAcknowledged = false
            var isAnswered = last == nil
            let end = KernelClock.monotonic() + UInt64(Self.answerMilliseconds) * 1_000_000
            while !isAcknowledged || !isAnswered {
                guard KernelClock.monotonic() < end else {
                    throw KernelError(call: Self.name(kind), object: object, errno: ETIMEDOUT)
                }
                guard try socket.wait(milliseconds: Self.answerMilliseconds), try socket.receive(into: &batch) else {
                    continue
                }
                for index in 0..<batch.count where batch.isFromKernel(index) {
                    let range = batch.range(index)
                    guard let message = AuditMessage(batch.buffer.span.extracting(range)),
                        message.sequence == sequence
                    else { continue }
                    let content = Array(batch.buffer[range].dropFirst(AuditMessage.headerBytes))
                    if message.kind == .acknowledgement {
                        let number = AuditMessage.errorNumber(content.span)
                        guard number == 0 else {
                            throw KernelError(call: Self.name(kind), object: object, errno: number)
                        }
                        isAcknowledged = true
                    } else if message.kind == .done {
                        if last == .done { isAnswered = true }
                    } else if message.kind == kind {
                        answer(content)
                        if message.kind == last { isAnswered = true }
                    }
                }
            }
        } catch { throw AuditDiagnosis.failure(requesting: error) }
    }

    private static func name(_ kind: AuditMessage.Kind) -> String {
        switch kind {
        case .get: "AUDIT_GET"
        case .set: "AUDIT_SET"
        case .addRule: "AUDIT_ADD_RULE"
        case .deleteRule: "AUDIT_DEL_RULE"
        case .listRules: "AUDIT_LIST_RULES"
        case .makeEquivalent: "AUDIT_MAKE_EQUIV"
        default: "audit request \(kind.rawValue)"
        }
    }
}
