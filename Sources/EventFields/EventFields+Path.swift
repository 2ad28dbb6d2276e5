import EventModel
import NodeState

extension EventFields {
    /// Fields of the paths that successful calls changed.
    static let path = FieldClass("fs.path", "the paths of successful calls that make, change, rename or remove files") {
        FieldRow(
            "fs.path.name", .string, "the absolute path of a call with one path", from: .syscalls, cost: .cheap,
            .event { reader, arena in reader.path(.name, isRaw: false, into: &arena) }
        )
        FieldRow(
            "fs.path.nameraw", .string, "the same as it was passed", from: .syscalls, cost: .cheap,
            .event { reader, arena in reader.path(.name, isRaw: true, into: &arena) }
        )
        FieldRow(
            "fs.path.source", .string, "the absolute path that a rename, link or mount starts from", from: .syscalls,
            cost: .cheap,
            .event { reader, arena in reader.path(.source, isRaw: false, into: &arena) }
        )
        FieldRow(
            "fs.path.sourceraw", .string, "the same as it was passed", from: .syscalls, cost: .cheap,
            .event { reader, arena in reader.path(.source, isRaw: true, into: &arena) }
        )
        FieldRow(
            "fs.path.target", .string, "the absolute path that a rename, link or mount leads to", from: .syscalls,
            cost: .cheap,
            .event { reader, arena in reader.path(.target, isRaw: false, into: &arena) }
        )
        FieldRow(
            "fs.path.targetraw", .string, "the same as it was passed", from: .syscalls, cost: .cheap,
            .event { reader, arena in reader.path(.target, isRaw: true, into: &arena) }
        )
    }

    /// Fields of the descriptors that a poll call waits for; the call passes them in memory, which no source reads.
    static let descriptorList = FieldClass("fdlist", "the descriptors that a poll call waits for") {
        FieldRow(unavailable: "fdlist.nums", "their numbers")
        FieldRow(unavailable: "fdlist.names", "their names")
        FieldRow(unavailable: "fdlist.cips", "their client addresses")
        FieldRow(unavailable: "fdlist.sips", "their server addresses")
        FieldRow(unavailable: "fdlist.cports", "their client ports")
        FieldRow(unavailable: "fdlist.sports", "their server ports")
    }

    /// Fields for tests of rules.
    static let utility = FieldClass("util", "helpers", eventSource: nil) {
        FieldRow(
            "util.cnt", .u64, "a number that grows each time it is read", eventSource: nil,
            .event { reader, _ in
                reader.extractionCount &+= 1
                return .unsigned(reader.extractionCount &- 1)
            }
        )
    }
}

/// Which of a call's paths a field of `fs.path` asks for.
enum PathRole { case name, source, target }

extension EventFieldReader {
    /// A path of a successful call; null for other calls and those that have no such path.
    func path(_ role: PathRole, isRaw: Bool, into arena: inout ValueArena) -> FieldValue {
        guard hasSucceeded, let position = pathPosition(role) else { return .null }
        let start = arena.mark
        if case .name = role, position == 0, !eventArguments.all.contains(where: \.isPath) {
            return appendDescriptorPath(into: &arena) ? arena.string(from: start) : .null
        }
        var count = 0
        for argument in eventArguments.all where argument.isPath {
            if count == position {
                let isTargetText = trait.pathUse == .targetTextAndSource && role == .target
                let isFound =
                    isRaw || isTargetText
                    ? appendPath(argument, into: &arena)
                    : appendAbsolutePath(argument, onlyRelative: false, into: &arena)
                return isFound ? arena.string(from: start) : .null
            }
            count += 1
        }
        return .null
    }

    /// Whether the call succeeded as `fs.path` sees it: of an open only -1 is a failure, of others all but 0.
    var hasSucceeded: Bool {
        guard state.current.event.hasResult else { return false }
        let result = state.current.event.result
        return trait.openCall == .none ? result == 0 : result != -1
    }

    /// Where a path stands among the path arguments.
    private func pathPosition(_ role: PathRole) -> Int? {
        switch (trait.pathUse, role) {
        case (.name, .name), (.sourceAndTarget, .source), (.targetAndSource, .target), (.targetTextAndSource, .target):
            0
        case (.sourceAndTarget, .target), (.targetAndSource, .source), (.targetTextAndSource, .source):
            1
        default: nil
        }
    }

    /// Adds the path of the descriptor that a call like fchmod changes.
    private func appendDescriptorPath(into arena: inout ValueArena) -> Bool {
        guard let descriptor = state.current.descriptor else { return false }
        appendName(of: descriptor, into: &arena)
        return true
    }
}

extension Argument {
    /// Whether the argument is one of the paths that the call names, as path or as text.
    fileprivate var isPath: Bool {
        if case .path = source { return true }
        return false
    }
}
