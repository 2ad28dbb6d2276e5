import CBPFRecords
import KernelInterface

extension BPFSession {
    /// Which filter and code the calls of one name have.
    public struct CallUse: Sendable, Equatable {
        /// The filter slot, 1 and up.
        public var slot: UInt16
        /// What `shrike_record.type` is to be.
        public var type: UInt16

        /// A use from its parts.
        public init(slot: UInt16, type: UInt16) { (self.slot, self.type) = (slot, type) }
    }

    /// Fills the table of calls: `use` says which filter the calls of a name meet, nil where nothing is wanted of them. Names are
    /// libseccomp's. The filters are in place before. Calls that change a process are noticed in any case.
    ///
    /// May be called again at any time: nothing is detached, and no call of a name that is wanted before and after is missed. What is
    /// wanted is hooked before (`hookCalls`).
    public func setCalls(_ use: (String) -> CallUse?) {
        for abi in SyscallCatalogue.ABI.host {
            for call in SyscallCatalogue.calls(of: abi) {
                let isX32 = abi == .x32
                let number = isX32 ? Int(call.number & ~Self.x32Bit) : Int(call.number)
                // x32 shares the numbers below with the ABI of 64 bits (arch/x86/entry/syscalls/syscall_64.tbl).
                if isX32, number < Self.firstX32Number { continue }
                let table = abi == .i386 || abi == .arm ? SHRIKE_COMPAT : SHRIKE_OWN
                set(entry(CallShape.of(call.name), use(call.name)), table: Int(table.rawValue), number: number)
            }
        }
        for (number, name) in CallShape.socketCalls.enumerated() where !name.isEmpty {
            set(entry(CallShape.of(name), use(name)), table: Int(SHRIKE_SOCKETCALLS.rawValue), number: number)
        }
        seal()
    }

    /// Whether calls are hooked one by one.
    public var hooksFunctions: Bool { hooks != nil }

    /// Attaches hooks for the calls that are wanted or change a process, where calls are hooked one by one; others stay attached. Needs no
    /// capability.
    public func hookCalls(_ use: (String) -> CallUse?) throws(BPFError) {
        guard let hooks else { return }
        let changing = UInt16(SHRIKE_CALL_CHANGES_PROCESS.rawValue)
        let wanted = SyscallCatalogue.calls(of: .x86_64).map(\.name).filter { name in
            use(name) != nil || CallShape.of(name).entry(slot: 0, type: 0).flags & changing != 0
        }
        try hooks.attach(Set(wanted))
    }

    /// The same for operations of io_uring, by their number (IORING_OP_…) and the name of the call that each is like.
    public func setOperations(_ operations: [Int: String], _ use: (String) -> CallUse?) {
        for (number, name) in operations {
            let entry = entry(CallShape.ofOperation(name), use(name))
            // Before the first is wanted, and for good: one may be under way when none is any more.
            if entry.slot != 0, number < Int(SHRIKE_CALLS) {
                keptOperationWords[number / 64] |= 1 << UInt64(number % 64)
            }
            set(entry, table: Int(SHRIKE_OPERATIONS.rawValue), number: number)
        }
        seal()
    }

    private static let x32Bit: Int32 = 0x4000_0000
    private static let firstX32Number = 512

    private func entry(_ shape: CallShape, _ use: CallUse?) -> shrike_call {
        shape.entry(slot: use?.slot ?? 0, type: use?.type ?? 0)
    }
}
