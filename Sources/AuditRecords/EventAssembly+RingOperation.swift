import EventModel

// Operations of io_uring: URINGOP tells which, its result and the ids, but no argument but the paths. Reads and writes never reach audit:
// the kernel skips them (io_uring/opdef.c, `audit_skip`).
extension EventAssembly {
    mutating func takeRingOperation(_ text: Span<UInt8>, _ cursor: inout FieldCursor) -> Outcome {
        var hasProcess = false
        while cursor.nextName(text) {
            switch cursor.name {
            case FieldName.uringOp: ringOperation = cursor.signed32(text) ?? -1
            case FieldName.exit: ringResult = cursor.signedDecimal(text)
            case FieldName.items: declaredPaths = max(declaredPaths, cursor.decimal(text) ?? 0)
            case FieldName.pid:
                if let value = cursor.signed32(text) {
                    event.process.pid = value
                    event.process.tid = value
                    hasProcess = true
                }
            default: takeIdentity(text, &cursor)
            }
        }
        return ringOperation >= 0 && hasProcess ? .taken : .malformed
    }

    /// Gives a copy of the event as what the ring operation did; what stays is the system call. Rare, so it allocates.
    mutating func deliverRingOperation(into other: inout RawEvent) {
        let call = event
        makeRingOperation()
        other = event
        event = call
        var copy = bytes
        other.exchangeBytes(with: &copy)
        seen.remove(.ringOperation)
    }

    mutating func makeRingOperation() {
        event.type = RingOperation.type(ringOperation) ?? SyscallTable.unknownType
        event.architecture = .none
        event.syscallNumber = -1
        event.registerCount = 0
        event.hasUnknownArguments = true
        event.result = ringResult ?? 0
        event.hasResult = ringResult != nil
    }
}
