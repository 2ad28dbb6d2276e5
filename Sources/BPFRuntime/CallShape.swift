public import CBPFRecords

/// Where a system call has what its event is about: paths, descriptors, addresses.
public struct CallShape: Sendable, Equatable {
    /// The entry of the call table, without slot and type.
    private(set) var call: shrike_call

    /// A call of which the registers say everything.
    public static let plain = CallShape(call: Self.empty)

    private static let empty: shrike_call = {
        var call = shrike_call()
        let none = UInt8(SHRIKE_NONE)
        (call.object, call.path, call.path2, call.base, call.base2) = (none, none, none, none, none)
        (call.text, call.address, call.address_length) = (none, none, none)
        (call.block, call.block_length, call.open_flags) = (none, 0, none)
        return call
    }()

    /// The table's entry for an event type and its filter.
    public func entry(slot: UInt16, type: UInt16) -> shrike_call {
        var entry = call
        (entry.slot, entry.type) = (slot, type)
        return entry
    }

    /// The shape of a call by its name, as libseccomp spells it.
    public static func of(_ name: String) -> CallShape { byName[name] ?? .plain }

    /// The shape of an operation of io_uring by the name of the call that it is like.
    public static func ofOperation(_ name: String) -> CallShape {
        // Its arguments are laid out as the call's; what those point to is not in user memory. A text is kept with the name.
        var shape = of(name)
        let none = UInt8(SHRIKE_NONE)
        (shape.call.address, shape.call.address_length) = (none, none)
        shape.call.flags &= UInt16(SHRIKE_CALL_OPEN_HOW.rawValue)
        return shape
    }

    /// The calls of socketcall(2) by their number (linux/net.h).
    public static let socketCalls = [
        "", "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send", "recv",
        "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg",
        "sendmmsg",
    ]

    private static let byName: [String: CallShape] = {
        var shapes: [String: CallShape] = [:]
        for line in CallShapeText.lines.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let description = words.last else { continue }
            for name in words.dropLast() { shapes[String(name)] = CallShape(parsing: description) }
        }
        return shapes
    }()

    private init(call: shrike_call) { self.call = call }

    /// `path0,base1,file=result`: each part names a member and the register that it is in.
    private init(parsing text: Substring) {
        call = Self.empty
        for part in text.split(separator: ",") {
            let name = part.prefix { !$0.isNumber && $0 != "=" }
            let numbers = part.dropFirst(name.count).split(whereSeparator: { $0 == "=" || $0 == "/" })
            func register(_ index: Int = 0) -> UInt8 {
                guard index < numbers.count else { return UInt8(SHRIKE_NONE) }
                return numbers[index] == "result" ? UInt8(SHRIKE_RESULT) : UInt8(numbers[index]) ?? UInt8(SHRIKE_NONE)
            }
            func flag(_ flag: shrike_call_flag) { call.flags |= UInt16(flag.rawValue) }
            switch name {
            case "path": call.path = register()
            case "second": call.path2 = register()
            case "base": call.base = register()
            case "secondbase": call.base2 = register()
            case "file": call.object = register()
            case "text": call.text = register()
            case "open": call.open_flags = register()
            case "address": (call.address, call.address_length) = (register(), register(1))
            case "pointed":
                (call.address, call.address_length) = (register(), register(1))
                flag(SHRIKE_CALL_LENGTH_POINTED)
            case "message":
                call.address = register()
                flag(SHRIKE_CALL_MESSAGE)
            case "block": (call.block, call.block_length) = (register(), register(1))
            case "how":
                (call.block, call.block_length) = (register(), 24)
                flag(SHRIKE_CALL_OPEN_HOW)
            case "pair":
                (call.block, call.block_length) = (register(), 8)
                flag(SHRIKE_CALL_PAIR)
            case "changes": flag(SHRIKE_CALL_CHANGES_PROCESS)
            case "failure": flag(SHRIKE_CALL_ONLY_FAILURE)
            case "socketcall": flag(SHRIKE_CALL_SOCKETCALL)
            case "cwd": flag(SHRIKE_CALL_CWD)
            default: assertionFailure("unknown part \(name) of a call's shape")
            }
        }
    }

    /// Compares all members.
    public static func == (one: CallShape, other: CallShape) -> Bool {
        withUnsafeBytes(of: one.call) { one in withUnsafeBytes(of: other.call) { one.elementsEqual($0) } }
    }
}
