/// Control groups as directories (cgroups(7)): who made them, and whether they are still there.
enum CgroupDirectory {
    /// Where the hierarchy of these controllers is mounted; nil where it can't be seen from here.
    static func hierarchy(
        controllers: ArraySlice<UInt8>, path: ArraySlice<UInt8>, _ context: StateContext
    ) -> [UInt8]? {
        // Seen from a control group namespace of our own, paths outside it begin so (cgroup_namespaces(7)).
        guard !path.begins(with: "/..") else { return nil }
        var base = context.root
        base.append(contentsOf: "/sys/fs/cgroup".utf8)
        if controllers.isEmpty {
            // Beside version 1 hierarchies, version 2 has a place of its own.
            let unified = base + Array("/unified".utf8)
            if exists(unified, context) { return unified }
            return exists(base + Array("/cgroup.controllers".utf8), context) ? base : nil
        }
        base.append(UInt8(ascii: "/"))
        base.append(contentsOf: controllers.begins(with: "name=") ? controllers.dropFirst(5) : controllers)
        return exists(base, context) ? base : nil
    }

    /// What is known of a group's directory; nil when it is not there.
    static func status(_ hierarchy: [UInt8], _ path: ArraySlice<UInt8>, _ context: StateContext) -> FileStatus? {
        context.path.reset()
        context.path.append(hierarchy)
        context.path.append(path)
        return context.files.status(context.path)
    }

    /// Whether a directory is there.
    static func exists(_ directory: [UInt8], _ context: StateContext) -> Bool {
        guard !directory.isEmpty else { return false }
        context.path.reset()
        context.path.append(directory)
        return context.files.status(context.path) != nil
    }
}
