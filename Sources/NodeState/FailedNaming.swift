import EventModel

/// Which of a failed call's paths stands for which of its two names.
///
/// The kernel notes the names in the order in which the compiler evaluates `getname` (the new one first on x86-64 and
/// arm64), and what a lookup found turns a note into the directory's: so only what says what it is can be told apart.
enum FailedNaming {
    case rename, link, symlink

    /// The calls with two names; nil for others.
    static func of(_ type: EventType) -> FailedNaming? { table.first { $0.0 == type }?.1 }

    private static let table: [(EventType, FailedNaming)] = [
        ("rename", rename), ("renameat", rename), ("renameat2", rename), ("link", link), ("linkat", link),
        ("symlink", symlink), ("symlinkat", symlink),
    ].compactMap { name, naming in EventType(name: name).map { ($0, naming) } }

    /// The path of an argument: 0 is the old name or the target, 1 the new name.
    func index(argument: Int, _ paths: [PathFact]) -> Int? {
        switch (self, argument) {
        case (.rename, 0): paths.firstIndex { $0.role == .delete }
        // What is there already under the new name is told as it is.
        case (.rename, 1):
            paths.contains { $0.role == .delete } ? paths.lastIndex { $0.role == .create || $0.role == .normal } : nil
        case (.link, 0): paths.firstIndex { $0.role == .normal }
        case (_, 1): paths.lastIndex { $0.role == .create }
        // A link's target is never looked up.
        case (.symlink, _): paths.firstIndex { $0.role == .unknown }
        default: nil
        }
    }
}
