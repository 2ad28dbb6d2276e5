import EventModel

// What each kind of record adds. The formats are kernel/auditsc.c's `audit_log_exit` and what it calls.
extension EventAssembly {
    /// Takes a record's text from behind its header.
    mutating func take(_ type: RecordType, _ text: Span<UInt8>, from offset: Int, _ table: SyscallTable) -> Outcome {
        var cursor = FieldCursor(at: offset)
        switch type {
        case .syscall:
            guard see(.syscall) else { return .duplicate }
            let outcome = takeSyscall(text, &cursor, table)
            if outcome == .malformed { seen.remove(.syscall) }
            return outcome
        case .path: return takePath(text, &cursor)
        case .currentDirectory:
            guard see(.currentDirectory) else { return .duplicate }
            event.process.currentDirectory = firstText(FieldName.cwd, text, &cursor)
        case .proctitle:
            guard see(.proctitle) else { return .duplicate }
            event.process.title = firstText(FieldName.proctitle, text, &cursor)
            seen.insert(.end)
        case .endOfEvent: seen.formUnion([.end, .endOfEvent])
        case .execve: return arguments.take(text, from: offset) ? .taken : .duplicate
        case .socketAddress:
            // A call that sends several messages has several; the first stands for the call.
            guard see(.socketAddress) else { return .duplicate }
            event.socketAddress = firstText(FieldName.saddr, text, &cursor)
        case .socketCall:
            guard see(.socketCall) else { return .duplicate }
            takeSocketCall(text, &cursor)
        case .execCapabilities, .capset:
            guard see(.capabilities) else { return .duplicate }
            takeCapabilities(text, &cursor)
        case .descriptorPair:
            guard see(.descriptorPair) else { return .duplicate }
            takeDescriptors(text, &cursor)
        case .mmap:
            guard see(.mmap) else { return .duplicate }
            takeMmap(text, &cursor)
        case .openat2:
            guard see(.openat2) else { return .duplicate }
            takeOpenHow(text, &cursor)
        case .kernelModule:
            guard see(.module) else { return .duplicate }
            event.moduleName = firstText(FieldName.name, text, &cursor)
        case .ringOperation:
            guard see(.ringOperation) else { return .duplicate }
            let outcome = takeRingOperation(text, &cursor)
            if outcome == .malformed { seen.remove(.ringOperation) }
            return outcome
        default:
            guard controls.count < 8 else { return .duplicate }
            controls.append(AuditControlRecord(type, id, text, from: offset))
            seen.insert(.control)
        }
        return .taken
    }

    private mutating func see(_ record: Seen) -> Bool { seen.insert(record).inserted }

    /// The text of the one field that matters in a record.
    private mutating func firstText(_ name: UInt64, _ text: Span<UInt8>, _ cursor: inout FieldCursor) -> ByteRange {
        while cursor.nextName(text) {
            if cursor.name == name { return cursor.text(text, into: &bytes) }
            cursor.skipValue(text)
        }
        return .absent
    }

    private mutating func takeSyscall(
        _ text: Span<UInt8>, _ cursor: inout FieldCursor, _ table: SyscallTable
    ) -> Outcome {
        var hasCall = false
        var enrichedName = 0..<0
        var hasProcess = false
        while cursor.nextField(text) {
            switch cursor.name {
            case FieldName.arch:
                if let value = cursor.hexadecimal(text) {
                    event.architecture = RawEvent.Architecture(rawValue: UInt32(truncatingIfNeeded: value))
                }
            case FieldName.syscall:
                if let value = cursor.signed32(text) {
                    event.syscallNumber = value
                    hasCall = true
                }
            case FieldName.exit:
                if let value = cursor.signedDecimal(text) {
                    event.result = value
                    event.hasResult = true
                }
            case FieldName.a0: takeRegister(0, text, &cursor)
            case FieldName.a1: takeRegister(1, text, &cursor)
            case FieldName.a2: takeRegister(2, text, &cursor)
            case FieldName.a3: takeRegister(3, text, &cursor)
            case FieldName.items: declaredPaths = max(declaredPaths, cursor.decimal(text) ?? 0)
            case FieldName.pid:
                if let value = cursor.signed32(text) {
                    event.process.pid = value
                    event.process.tid = value
                    hasProcess = true
                }
            case FieldName.tty:
                if let device = Terminal.deviceNumber(text, cursor.word(text)) {
                    event.process.terminal = device
                    event.process.known.insert(.terminal)
                }
            case FieldName.comm: event.process.command = cursor.text(text, into: &bytes)
            case FieldName.exe: event.process.executable = cursor.text(text, into: &bytes)
            case FieldName.enrichedSyscall: enrichedName = cursor.word(text)
            default: takeIdentity(text, &cursor)
            }
        }
        event.type = type(table, named: text, enrichedName)
        return hasCall && hasProcess ? .taken : .malformed
    }

    /// The event's type, by the call's number; by the name that auditd wrote where the ABI's numbers are not known.
    private mutating func type(_ table: SyscallTable, named text: Span<UInt8>, _ name: Range<Int>) -> EventType {
        if let type = table.type(event.architecture, event.syscallNumber) { return type }
        if table.knows(event.architecture) { return SyscallTable.unknownType }
        if !name.isEmpty {
            var bytes: [UInt8] = []
            bytes.append(contentsOf: text, name)
            if let type = SyscallTable.type(named: String(decoding: bytes, as: UTF8.self)) { return type }
        }
        isArchitectureUnknown = true
        return SyscallTable.unknownType
    }

    @inline(__always)
    private mutating func takeRegister(_ index: Int, _ text: Span<UInt8>, _ cursor: inout FieldCursor) {
        guard let value = cursor.hexadecimal(text) else { return }
        event.registers[index] = value
        event.registerCount = max(event.registerCount, UInt8(truncatingIfNeeded: index &+ 1))
    }

    /// The ids that SYSCALL and URINGOP share; skips any other field.
    @inline(__always)
    mutating func takeIdentity(_ text: Span<UInt8>, _ cursor: inout FieldCursor) {
        switch cursor.name {
        case FieldName.ppid:
            guard let value = cursor.signed32(text) else { return }
            event.process.parentPID = value
            event.process.known.insert(.parent)
        case FieldName.auid:
            guard let value = cursor.decimal32(text) else { return }
            event.process.loginUID = value
            event.process.known.insert(.loginUser)
        case FieldName.ses:
            guard let value = cursor.decimal32(text) else { return }
            event.process.auditSession = value
            event.process.known.insert(.session)
        case FieldName.uid:
            guard let value = cursor.decimal32(text) else { return }
            event.process.uid = value
        case FieldName.euid:
            guard let value = cursor.decimal32(text) else { return }
            event.process.effectiveUID = value
            event.process.known.insert(.userIDs)
        case FieldName.gid:
            guard let value = cursor.decimal32(text) else { return }
            event.process.gid = value
        case FieldName.egid:
            guard let value = cursor.decimal32(text) else { return }
            event.process.effectiveGID = value
            event.process.known.insert(.groupIDs)
        // What auditd made of the numbers when it wrote the record (auditd.conf, `log_format = ENRICHED`).
        case FieldName.enrichedAUID: event.process.loginUserName = cursor.name(text, into: &bytes)
        case FieldName.enrichedEUID: event.process.userName = cursor.name(text, into: &bytes)
        case FieldName.enrichedEGID: event.process.groupName = cursor.name(text, into: &bytes)
        default: cursor.skipValue(text)
        }
    }

    private mutating func takeSocketCall(_ text: Span<UInt8>, _ cursor: inout FieldCursor) {
        socketCallArguments = .init(repeating: 0)
        socketCallCount = 0
        while cursor.nextName(text) {
            let index = Int(truncatingIfNeeded: cursor.name &- FieldName.a0)
            if cursor.name >= FieldName.a0, cursor.name <= FieldName.a5, let value = cursor.hexadecimal(text) {
                socketCallArguments[index] = value
                socketCallCount = max(socketCallCount, UInt8(truncatingIfNeeded: index &+ 1))
            } else {
                cursor.skipValue(text)
            }
        }
    }

    /// BPRM_FCAPS has the sets after the exec as `pp`, `pi`, `pe`, CAPSET the new ones as `cap_pp` ….
    private mutating func takeCapabilities(_ text: Span<UInt8>, _ cursor: inout FieldCursor) {
        var found = 0
        while cursor.nextName(text) {
            switch cursor.name {
            case FieldName.pp, FieldName.capPP:
                event.process.capabilitiesPermitted = cursor.hexadecimal(text) ?? 0
                found |= 1
            case FieldName.pi, FieldName.capPI:
                event.process.capabilitiesInheritable = cursor.hexadecimal(text) ?? 0
                found |= 2
            case FieldName.pe, FieldName.capPE:
                event.process.capabilitiesEffective = cursor.hexadecimal(text) ?? 0
                found |= 4
            default: cursor.skipValue(text)
            }
        }
        if found == 7 { event.process.known.insert(.capabilities) }
    }

    private mutating func takeDescriptors(_ text: Span<UInt8>, _ cursor: inout FieldCursor) {
        while cursor.nextName(text) {
            switch cursor.name {
            case FieldName.fd0: event.descriptors[0] = cursor.signed32(text) ?? -1
            case FieldName.fd1: event.descriptors[1] = cursor.signed32(text) ?? -1
            default: cursor.skipValue(text)
            }
        }
    }

    /// The descriptor that mmap maps is its fifth argument, which SYSCALL does not show.
    private mutating func takeMmap(_ text: Span<UInt8>, _ cursor: inout FieldCursor) {
        while cursor.nextName(text) {
            if cursor.name == FieldName.fd, let value = cursor.signedDecimal(text) {
                event.registers[4] = UInt64(bitPattern: value)
                event.registerCount = max(event.registerCount, 5)
            } else {
                cursor.skipValue(text)
            }
        }
    }

    private mutating func takeOpenHow(_ text: Span<UInt8>, _ cursor: inout FieldCursor) {
        var how = OpenHow(flags: 0, mode: 0, resolve: 0)
        while cursor.nextName(text) {
            switch cursor.name {
            case FieldName.oflag: how.flags = cursor.octal(text) ?? 0
            case FieldName.mode: how.mode = cursor.octal(text) ?? 0
            case FieldName.resolve: how.resolve = cursor.hexadecimal(text) ?? 0
            default: cursor.skipValue(text)
            }
        }
        event.openHow = how
    }
}
