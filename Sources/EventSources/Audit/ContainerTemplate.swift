/// What rules ask for in every container alike: one kernel rule that holds for all of them, and the places to bring under it
/// in each.
///
/// The rule is about an empty directory of ours. `AUDIT_MAKE_EQUIV` (kernel/audit_tree.c) makes it hold below any other
/// place too: a container costs one request for each place, a few dozen microseconds, and no rule; what it leaves behind
/// goes with its file system. Rules for each container would cost every open of the node (directory rules are tried one
/// by one), and 15 ms each to take back.
struct ContainerTemplate: Sendable, Hashable {
    /// Named files.
    var exact: Set<String> = []
    /// Beginnings of paths.
    var prefixes: Set<String> = []
    /// Whether only opens for reading are asked for.
    var onlyReads: Bool
    /// The directory that stands for every container's places.
    var directory: String
    var rule: AuditRule
}

/// Gathers needs of containers by what their rules have in common.
struct ContainerTemplates {
    private struct Group: Hashable {
        var isOpen: Bool
        var permission: UInt32?
        var success: Bool?
    }
    private struct Content {
        var mask = SyscallMask()
        var exact: Set<String> = []
        var prefixes: Set<String> = []
    }
    private var contents: [Group: Content] = [:]
    private var order: [Group] = []

    /// Adds a call with the filter that it may pass and the paths of a container that it may name.
    mutating func add(
        _ calls: [AuditRulePlanner.Call], _ filter: AuditRuleFilter, isOpen: Bool, exact: Set<String>,
        prefixes: Set<String>
    ) {
        let group = Group(isOpen: isOpen, permission: filter.permission, success: filter.success)
        if contents[group] == nil { order.append(group) }
        for call in calls where !call.isRing { contents[group, default: Content()].mask.insert(call.number) }
        contents[group, default: Content()].exact.formUnion(exact)
        contents[group, default: Content()].prefixes.formUnion(prefixes)
    }

    /// One template for each group; their directories are below `directory`.
    func templates(key: [UInt8], below directory: String) -> [ContainerTemplate] {
        order.enumerated().compactMap { index, group in
            guard let content = contents[group], !content.mask.isEmpty else { return nil }
            let place = "\(directory)/\(index)"
            var filter = AuditRuleFilter()
            filter.permission = group.permission
            filter.success = group.success
            filter.location = .directory(place)
            return ContainerTemplate(
                exact: content.exact, prefixes: content.prefixes,
                onlyReads: group.isOpen && group.permission == AuditRuleField.Permission.read, directory: place,
                rule: AuditRule(syscalls: content.mask, fields: filter.fields(hostRoot: ""), keys: [key])
            )
        }
    }
}

/// What one container needs: places to bring under templates' rules.
struct ContainerPlan: Sendable, Equatable {
    /// A place, as we name it, and the template directory whose rules are to hold there.
    struct Mark: Sendable, Hashable {
        var directory: String
        var place: String
    }
    var marks: [Mark] = []
    /// Names that are waited for, by their directories (the host's paths).
    var awaited: [String: Set<String>] = [:]
    var notes: [String] = []
    /// Whether symbolic links have been followed as well.
    var isComplete = false

    /// Whether nothing is in its root directory as we see it: it is mounted where only its runtime sees it.
    var isRootEmpty = false

    /// Nothing to watch.
    init() {}

    /// Finds a container's places.
    ///
    /// - Parameters:
    ///   - root: its root directory, as the host names it.
    ///   - hostRoot: where the host's root directory is mounted for us.
    ///   - isQuick: links that lead out of directories are left for a second look.
    init(root: String, _ templates: [ContainerTemplate], files: any WatchedFiles, hostRoot: String, isQuick: Bool) {
        var finder = AuditLocations(files: files)
        finder.followsLinks = !isQuick
        for template in templates {
            let places = finder.marks(
                exact: template.exact, prefixes: template.prefixes, onlyReads: template.onlyReads, root: root)
            for place in places.sorted() {
                marks.append(Mark(directory: template.directory, place: hostRoot + place))
            }
        }
        awaited = finder.awaited
        notes = finder.notes
        isComplete = !isQuick
        isRootEmpty = files.isEmpty(root: root)
    }
}
