import EventModel

/// The fields by whose value a source may be able to filter: they have one value for an event, and the kernel knows it or
/// what it is made of.
enum FilterableFields {
    private static let names: Set<String> = [
        "proc.name", "proc.pname", "proc.exe", "proc.exepath", "proc.tty", "proc.is_exe_upper_layer",
        "proc.is_exe_writable", "proc.is_exe_from_memfd", "user.uid", "user.name", "user.loginuid", "group.gid",
        "group.name", "fd.sport", "fd.cport", "fd.lport", "fd.rport", "fd.l4proto", "fd.typechar",
        "container.image.repository", "k8s.ns.name",
    ]

    /// What a scalar comparison says of a field's value, when it holds or when it fails; nil when that is nothing that a
    /// filter could use.
    static func need(_ test: Test, _ name: String, isFailing: Bool) -> FieldNeed? {
        guard names.contains(name), let values = values(of: test.operation), values.values.count <= 128 else {
            return nil
        }
        // A missing value fails every comparison, `!=` too.
        return FieldNeed(
            field: name, values: test.isNegated != isFailing ? values.complement : values, allowsMissing: isFailing
        )
    }

    /// The values that an operation names; nil for one that names none in so many words.
    static func values(of operation: Operation) -> ValueSet? {
        switch operation {
        case .textIn(let texts): return texts.allSatisfy(isText) ? .texts(Set(texts.map(text))) : nil
        case .prefix(let prefix) where isText(prefix):
            return ValueSet(.texts(exact: [], prefixes: [text(prefix)], suffixes: []))
        case .suffix(let suffix) where isText(suffix):
            return ValueSet(.texts(exact: [], prefixes: [], suffixes: [text(suffix)]))
        case .numberIn(let numbers): return .numbers(Set(numbers))
        default: return nil
        }
    }

    private static func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
