import EventModel

@testable import RuleEngine

/// What happens in a call, from which both follow: what a kernel knows, and what the fields will be.
struct ModelCall {
    var type: EventType
    var result: Int64 = 0
    /// O_ACCMODE and further flags of an open, as the caller passed them.
    var flags: UInt64 = 0
    /// The name of the file that is opened; and another by which rules know it.
    var file = "/usr/share/zoneinfo/UTC"
    var alias: String?
    /// The path arguments.
    var names = ["/usr/share/zoneinfo/UTC", "/tmp/second"]
    /// The family of the call's socket, 0 for none.
    var family: UInt16 = 2
    var address: [UInt8] = [10, 0, 0, 1]
    var port: UInt16 = 443
    /// Registers by the position of the argument.
    var registers: [Int: UInt64] = [:]

    var isOpen: Bool { ["open", "openat", "openat2", "open_by_handle_at", "creat"].contains(type.name) }
    private var opensWithFlags: Bool { isOpen && type.name != "creat" }
    private var isConnection: Bool { type.name == "connect" }
    private var isFailed: Bool { result < 0 }

    // MARK: - What the kernel knows

    /// The filter's input, complete.
    func input(_ thread: [String: TestValue]) -> FilterInput {
        var input = FilterInput(type: type)
        input.isFailed = isFailed
        if opensWithFlags { input.accessMode = UInt8(truncatingIfNeeded: flags & 3) }
        if isOpen { input.files = [file].map { Array($0.utf8) } + (alias.map { [Array($0.utf8)] } ?? []) }
        input.names = names.map { Array($0.utf8) }
        input.families = [family]
        if isConnection {
            input.ports = [port]
            input.addresses = [address]
        }
        if case .text(let command) = thread["proc.name"] { input.command = Array(command.utf8) }
        if case .text(let path) = thread["proc.exepath"] { input.executables = [Array(path.utf8)] }
        if case .unsigned(let user) = thread["user.uid"] { input.user = UInt32(truncatingIfNeeded: user) }
        if case .text(let id) = thread["container.id"] { input.isInContainer = id != "host" }
        input.arguments = type.arguments.indices.map { position in
            type.arguments[position].kind == .flags("file_flags") ? flags : registers[position]
        }
        return input
    }

    // MARK: - What the fields are

    /// The event's fields. `isAliased`: under the other name of the file.
    func values(isAliased: Bool = false) -> [String: TestValue] {
        var values: [String: TestValue] = [:]
        if !type.isGeneric {
            values["evt.rawres"] = .signed(result)
            values["evt.res"] = .text(result >= 0 ? "SUCCESS" : result == -115 ? "EINPROGRESS" : "EACCES")
        }
        values["evt.failed"] = .bool(isFailed && !type.isGeneric)
        values["evt.is_open_read"] = .bool(opensWithFlags && flags & 3 != 1)
        values["evt.is_open_write"] = .bool(opensWithFlags && (flags & 3 == 1 || flags & 3 == 2))
        if isOpen { addFile(isAliased ? alias ?? file : file, &values) } else { addSocket(&values) }
        addArguments(&values)
        addPaths(&values)
        return values
    }

    private func addFile(_ name: String, _ values: inout [String: TestValue]) {
        let slash = name.lastIndex(of: "/")
        values["fd.num"] = .signed(isFailed ? -1 : 3)
        values["fd.name"] = .text(name)
        values["fd.typechar"] = "f"
        values["fd.directory"] = .text(slash.map { $0 == name.startIndex ? "/" : String(name[..<$0]) } ?? "/")
        if !isFailed {
            values["fd.filename"] = .text(slash.map { String(name[name.index(after: $0)...]) } ?? "/")
            values["fd.type"] = "file"
        }
        values["fd.nameraw"] = .text(type.name == "open_by_handle_at" ? name : names[0])
    }

    private func addSocket(_ values: inout [String: TestValue]) {
        let words: [UInt16: (String, String)] = [1: ("unix", "u"), 2: ("ipv4", "4"), 10: ("ipv6", "6")]
        guard let (word, letter) = words[family] else { return }
        values["fd.num"] = .signed(5)
        values["fd.type"] = .text(word)
        values["fd.typechar"] = .text(letter)
        values["fd.sockfamily"] = .text(family == 1 ? "unix" : "ip")
        guard family != 1 else { return }
        let server = IPAddress(address).map { _ in TestValue.address(Self.text(of: address)) } ?? .null
        for field in ["fd.sip", "fd.rip", "fd.snet", "fd.rnet"] { values[field] = server }
        for field in ["fd.sport", "fd.rport"] { values[field] = .unsigned(UInt64(port)) }
        for field in ["fd.ip", "fd.net"] { values[field] = .list([.address("10.9.8.7"), server]) }
        values["fd.port"] = .list([.unsigned(40_000), .unsigned(UInt64(port))])
        values["fd.cport"] = .unsigned(40_000)
        values["fd.l4proto"] = "tcp"
        values["fd.name"] = .text("10.9.8.7:40000->\(Self.text(of: address)):\(port)")
    }

    /// An address as text.
    static func text(of bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
            .joined(separator: ":")
    }

    private func addArguments(_ values: inout [String: TestValue]) {
        for (position, argument) in type.arguments.enumerated() {
            let value: TestValue
            switch (argument.kind, argument.origin) {
            case (.path, .path(let index)): value = .text(names[min(index, names.count - 1)])
            case (.flags(let name), .register), (.enumeration(let name), .register), (.flags(let name), .openHow):
                guard let vocabulary = FlagVocabulary.named(name) else { continue }
                let bits = name == "file_flags" ? flags : registers[position] ?? 0
                var arena = ValueArena()
                let number = vocabulary.value(ofNative: bits)
                let start = arena.mark
                if !vocabulary.append(number, to: &arena) { arena.append(decimal: UInt64(number)) }
                value = .text(arena.text(arena.string(from: start)))
            case (.number, .register) where argument.number.bits == 32 && !argument.number.isSigned:
                value = .text("\(UInt32(truncatingIfNeeded: registers[position] ?? 0))")
            default: continue
            }
            values["evt.arg.\(argument.name)"] = value
            values["evt.arg[\(position)]"] = value
        }
    }

    private func addPaths(_ values: inout [String: TestValue]) {
        guard isOpen && result != -1 || result == 0 else { return }
        switch type.name {
        case "rename", "renameat", "renameat2":
            values["fs.path.source"] = .text(names[0])
            values["fs.path.target"] = .text(names[1])
        case "link", "linkat":
            values["fs.path.target"] = .text(names[0])
            values["fs.path.source"] = .text(names[1])
        case "open", "openat", "openat2", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "chmod", "fchmodat":
            values["fs.path.name"] = .text(names[0])
        default: break
        }
    }
}
