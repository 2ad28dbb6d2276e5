/// The names of an argument's flags or values, in the order in which they are shown.
///
/// A name has two numbers: the kernel's (what a register holds) and the rule language's own (what `evt.rawarg` compares
/// and `evt.args` shows before the brackets).
public struct FlagVocabulary: Sendable {
    /// One name.
    public struct Name: Sendable {
        /// The name as shown, in UTF-8.
        public let text: [UInt8]
        /// The rule language's number.
        public let value: UInt32
        /// The bits of a value that must equal `value`.
        public let mask: UInt32
        /// The kernel's number; nil when the kernel has none and the name is Falco's own.
        public let native: UInt64?
        /// The kernel's number on 32- and 64-bit ARM, where some differ.
        public let nativeARM: UInt64?
        /// The bits of a register that must equal `native`; nil: the bits of `native` itself.
        public let nativeMask: UInt64?
    }

    /// The name that the event type table uses.
    public let name: String
    /// Whether a value is one of the names; otherwise a set of them.
    public let isEnumeration: Bool
    /// The names in the order in which they are shown.
    public let names: [Name]
    /// The value of a kernel number that has no name; nil: the number itself.
    private let unknown: UInt32?
    /// A number in a register's high half that old callers put there and that means nothing (mount(2), MS_MGC_VAL).
    private let magic: UInt64?

    private let isOpenFlags: Bool

    /// The vocabulary that the event type table calls so.
    public static func named(_ name: String) -> FlagVocabulary? { shared[name] }
    /// All vocabularies by name.
    private static let shared: [String: FlagVocabulary] = Dictionary(
        (flagRows.map { FlagVocabulary($0.name, $0.names, isEnumeration: false) }
            + enumerationRows.map { FlagVocabulary($0.name, $0.names, isEnumeration: true) })
            .map { ($0.name, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    /// Converts a register's bits. Flags that have no name are left out; a number that has none becomes the
    /// enumeration's "unknown", or stays.
    public func value(ofNative native: UInt64, architecture: RawEvent.Architecture = .x86_64) -> UInt32 {
        let isARM = architecture == .aarch64 || architecture == .arm || architecture == .ppc64le
        var native = native
        // PowerPC has ARM's open flags but for O_DIRECT and O_LARGEFILE, which are exchanged (its asm/fcntl.h).
        if architecture == .ppc64le, isOpenFlags {
            native = native & ~0o600000 | (native & 0o200000) << 1 | (native & 0o400000) >> 1
        }
        if let magic, native & 0xffff_0000 == magic { native &= 0xffff }
        var value: UInt32 = 0
        for name in names {
            guard let bits = isARM ? name.nativeARM : name.native else { continue }
            if isEnumeration {
                if native & 0xffff_ffff == bits { return name.value }
            } else {
                let mask = name.nativeMask ?? bits
                if mask != 0, native & mask == bits { value |= name.value }
            }
        }
        return isEnumeration ? unknown ?? UInt32(truncatingIfNeeded: native) : value
    }

    /// Adds the names of a value, joined by `|`; returns whether there was any. A name's bits are taken away once it is
    /// shown, so names of several bits stand before their parts. A name for 0 shows only when the value is 0.
    @discardableResult
    public func append(_ value: UInt32, to arena: inout ValueArena) -> Bool {
        var rest = value
        var isFirst = true
        for name in names {
            if isEnumeration {
                guard name.value == value else { continue }
            } else if name.value == 0 {
                guard value == 0 else { continue }
            } else {
                guard rest & name.mask == name.value else { continue }
                rest &= ~name.mask
            }
            if !isFirst { arena.append(UInt8(ascii: "|")) }
            isFirst = false
            arena.append(name.text)
        }
        return !isFirst
    }

    /// What a register must hold for a name to be shown: `register & mask == bits`. Nil for a name that the vocabulary or
    /// the kernel does not have.
    public func native(
        of name: String, architecture: RawEvent.Architecture = .x86_64
    ) -> (bits: UInt64, mask: UInt64)? {
        let isARM = architecture == .aarch64 || architecture == .arm
        guard let found = names.first(where: { $0.text.elementsEqual(name.utf8) }),
            let bits = isARM ? found.nativeARM : found.native
        else { return nil }
        return (bits, isEnumeration ? 0xffff_ffff : found.nativeMask ?? bits)
    }
}

extension FlagVocabulary {
    /// What a register must hold for a text to have a needle in it (`AF_INET` is in `AF_INET6` too): `register & mask == bits`
    /// for one of these. Nil when the needle may be found in a text that has no number of its own.
    public func natives(
        ofNamesHolding needle: [UInt8], architecture: RawEvent.Architecture = .x86_64
    ) -> [(bits: UInt64, mask: UInt64)]? {
        // Joined names and bare numbers are not in the vocabulary.
        guard !needle.isEmpty, !needle.contains(UInt8(ascii: "|")) else { return nil }
        var natives: [(bits: UInt64, mask: UInt64)] = []
        for name in names where name.text.holds(needle) {
            guard let native = native(of: String(decoding: name.text, as: UTF8.self), architecture: architecture) else {
                return nil
            }
            natives.append(native)
        }
        return natives.isEmpty ? nil : natives
    }
}

/// A row of the vocabulary tables: names parted by blanks, each `NAME=value`, and where they differ `NAME=value:native`,
/// `NAME=value:native@arm`; `&mask` behind `value` or `native` when other bits than its own decide; native `-` for a name
/// that the kernel does not have. Numbers as in Swift.
struct FlagVocabularyRow: Sendable {
    let name: String
    let names: String

    init(_ name: String, _ names: String) {
        self.name = name
        self.names = names
    }
}

extension FlagVocabulary {
    fileprivate init(_ name: String, _ specification: String, isEnumeration: Bool) {
        self.name = name
        self.isEnumeration = isEnumeration
        names = specification.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(Name.init(specification:))
        unknown = names.first { $0.native == nil }?.value
        isOpenFlags = names.contains { $0.native != $0.nativeARM }
        magic = name == "mount_flags" ? 0xc0ed_0000 : nil
    }
}

extension FlagVocabulary.Name {
    fileprivate init(specification: Substring) {
        let parts = specification.split(separator: "=", maxSplits: 1)
        text = Array((parts.first ?? "").utf8)
        let numbers = (parts.last ?? "").split(separator: ":", maxSplits: 1)
        let own = (numbers.first ?? "").split(separator: "&")
        value = UInt32(truncatingIfNeeded: own.first?.number ?? 0)
        mask = own.count > 1 ? UInt32(truncatingIfNeeded: own[1].number ?? 0) : value
        guard numbers.count > 1 else {
            native = UInt64(value)
            nativeARM = native
            nativeMask = own.count > 1 ? UInt64(mask) : nil
            return
        }
        let kernel = numbers[1].split(separator: "@")
        let bits = (kernel.first ?? "").split(separator: "&")
        native = bits.first?.number
        nativeARM = kernel.count > 1 ? kernel[1].number : native
        nativeMask = bits.count > 1 ? bits[1].number : nil
    }
}

extension Substring {
    /// A number in Swift's notation; nil when it is none.
    fileprivate var number: UInt64? {
        if hasPrefix("0x") { return UInt64(dropFirst(2), radix: 16) }
        if hasPrefix("0o") { return UInt64(dropFirst(2), radix: 8) }
        return UInt64(self)
    }
}
