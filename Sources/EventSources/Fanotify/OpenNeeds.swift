public import EventModel

/// Which opened paths can match a rule, and by which way of access: what the rules need of the open family, in one.
public struct OpenNeeds: Sendable, Equatable {
    /// A path, or the beginning or end of one.
    struct Pattern: Sendable, Equatable {
        var bytes: [UInt8]
        var access: AccessNeed

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// The event types that opening a file makes.
    static let eventTypes = ["open", "openat", "openat2", "creat", "open_by_handle_at"]

    /// Whole paths, sorted.
    private(set) var exact: [Pattern] = []
    private(set) var prefixes: [Pattern] = []
    private(set) var suffixes: [Pattern] = []
    /// The ways of access for which any path can match.
    private(set) var anyPath: AccessNeed = []

    /// The needs of the open family among these, as far as they are about `scope`.
    public init(_ needs: EventNeeds, scope: ScopeNeed = .any) {
        var paths: (exact: [String: AccessNeed], prefixes: [String: AccessNeed], suffixes: [String: AccessNeed]) =
            ([:], [:], [:])
        for type in Self.eventTypes.compactMap(EventType.init(name:)) {
            for need in needs.alternatives[type] ?? [] where need.outcome != .failure {
                guard scope == .any || need.scope == .any || need.scope == scope else { continue }
                // creat has no access of its own: it always writes.
                let access: AccessNeed = type.name == "creat" ? .write : need.access
                guard case .oneOf(let exact, let prefixes, let suffixes) = need.paths else {
                    anyPath.formUnion(access)
                    continue
                }
                for text in exact { paths.exact[text, default: []].formUnion(access) }
                for text in prefixes { paths.prefixes[text, default: []].formUnion(access) }
                for text in suffixes { paths.suffixes[text, default: []].formUnion(access) }
            }
        }
        func patterns(_ texts: [String: AccessNeed]) -> [Pattern] {
            texts.map { Pattern(bytes: Array($0.key.utf8), access: $0.value) }
                .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        }
        exact = patterns(paths.exact)
        prefixes = patterns(paths.prefixes)
        suffixes = patterns(paths.suffixes)
    }

    /// Whether no open can match any rule.
    public var isEmpty: Bool { exact.isEmpty && prefixes.isEmpty && suffixes.isEmpty && anyPath.isEmpty }

    /// The ways of access that matter wherever the file is: no path says where to look.
    var anywhere: AccessNeed { suffixes.reduce(anyPath) { $0.union($1.access) } }

    /// The prefixes without those that another one covers.
    var outermostPrefixes: [[UInt8]] {
        // Sorted: what covers a prefix comes before it.
        prefixes.reduce(into: []) { kept, pattern in
            if let last = kept.last, pattern.bytes.starts(with: last) { return }
            kept.append(pattern.bytes)
        }
    }

    /// The ways of access to this path that can match a rule; empty when none can.
    func access(to path: ArraySlice<UInt8>) -> AccessNeed {
        var access = anyPath
        var low = 0
        var high = exact.count
        while low < high {
            let middle = (low + high) / 2
            if exact[middle].bytes.lexicographicallyPrecedes(path) { low = middle + 1 } else { high = middle }
        }
        if low < exact.count, exact[low].bytes.elementsEqual(path) { access.formUnion(exact[low].access) }
        for prefix in prefixes where !access.isSuperset(of: prefix.access) && path.starts(with: prefix.bytes) {
            access.formUnion(prefix.access)
        }
        for suffix in suffixes where !access.isSuperset(of: suffix.access) {
            if path.count >= suffix.bytes.count, path.suffix(suffix.bytes.count).elementsEqual(suffix.bytes) {
                access.formUnion(suffix.access)
            }
        }
        return access
    }
}
