// The wire form: `struct audit_rule_data` (linux/audit.h), in the machine's byte order: flags, action, field_count,
// mask[64], fields[64], values[64], fieldflags[64], buflen, then the texts one after another without NUL; a text
// field's value is the length of its text.

extension AuditRule {
    private static let fixedSize = 1040
    private static let fieldsOffset = 12 + 64 * 4
    /// Puts a rule before all others of its list instead of behind them (`AUDIT_FILTER_PREPEND`).
    static let prependFlag: UInt32 = 0x10
    /// Keys of one rule are one text in the kernel, joined by this byte (`AUDIT_KEY_SEPARATOR`, libaudit.h).
    private static let keySeparator: UInt8 = 1

    private var wireFields: [AuditRuleField] {
        keys.isEmpty
            ? fields : fields + [AuditRuleField(.key, text: Array(keys.joined(separator: [Self.keySeparator])))]
    }

    /// The payload of an ADD_RULE or DEL_RULE request.
    func encoded(prepend: Bool = false) -> [UInt8] {
        let fields = wireFields.prefix(Self.maximumFields)
        var bytes: [UInt8] = []
        func add(_ number: UInt32) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
        func add(_ numbers: [UInt32]) {
            for number in numbers { add(number) }
            for _ in numbers.count..<64 { add(0) }
        }
        add(list.rawValue | (prepend ? Self.prependFlag : 0))
        add(action.rawValue)
        add(UInt32(fields.count))
        add(syscalls.words)
        add(fields.map(\.kind.rawValue))
        add(fields.map { $0.kind.isText ? UInt32($0.text.count) : $0.number })
        add(fields.map(\.comparison.rawValue))
        let texts = fields.flatMap { $0.kind.isText ? $0.text : [] }
        add(UInt32(texts.count))
        return bytes + texts
    }

    /// Reads a rule as the kernel lists it; nil when the bytes are no rule.
    init?(_ bytes: Span<UInt8>) {
        func word(_ offset: Int) -> UInt32? { bytes.hostInteger(at: offset, as: UInt32.self) }
        guard bytes.count >= Self.fixedSize, let flags = word(0), let action = word(4), let count = word(8),
            count <= UInt32(Self.maximumFields), let textBytes = word(Self.fixedSize - 4)
        else { return nil }
        self.init(list: List(rawValue: flags & ~Self.prependFlag), action: Action(rawValue: action))
        syscalls = SyscallMask(words: (0..<64).map { word(12 + $0 * 4) ?? 0 })
        var offset = Self.fixedSize
        let end = min(bytes.count, Self.fixedSize + Int(textBytes))
        for index in 0..<Int(count) {
            let place = Self.fieldsOffset + index * 4
            guard let kind = word(place), let value = word(place + 256), let comparison = word(place + 512) else {
                return nil
            }
            var field = AuditRuleField(.init(rawValue: kind), .init(rawValue: comparison), value)
            if field.kind.isText {
                guard Int(value) <= end - offset else { return nil }
                for position in offset..<offset + Int(value) { field.text.append(bytes[position]) }
                offset += Int(value)
                field.number = 0
            }
            if field.kind == .key {
                keys = field.text.split(separator: Self.keySeparator).map(Array.init)
            } else {
                fields.append(field)
            }
        }
    }
}

extension AuditRule: CustomStringConvertible {
    /// The rule as auditctl would be given it, with the numbers of the calls.
    var description: String {
        var parts = ["-a \(action.name),\(list.name)"]
        for field in fields where field.kind == .architecture { parts.append(field.description) }
        if syscalls == .all {
            if list == .exit { parts.append("-S all") }
        } else if !syscalls.isEmpty {
            parts.append("-S " + syscalls.numbers.map(String.init).joined(separator: ","))
        }
        for field in fields where field.kind != .architecture { parts.append(field.description) }
        for key in keys { parts.append("-k " + String(decoding: key, as: UTF8.self)) }
        return parts.joined(separator: " ")
    }
}

extension AuditRuleField: CustomStringConvertible {
    var description: String {
        let value: String =
            switch kind {
            case _ where kind.isText: String(decoding: text, as: UTF8.self)
            case .permission:
                [
                    (Permission.read, "r"), (Permission.write, "w"), (Permission.execute, "x"),
                    (Permission.attributes, "a"),
                ]
                .filter { number & $0.0 != 0 }.map(\.1).joined()
            case .architecture: "0x" + String(number, radix: 16)
            case .argument(0), .argument(1), .argument(2), .argument(3): "0x" + String(number, radix: 16)
            default: String(Int32(bitPattern: number))
            }
        return "-F \(kind.name)\(comparison.symbol)\(value)"
    }
}
