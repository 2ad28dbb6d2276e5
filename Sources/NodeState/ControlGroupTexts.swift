/// What /proc/PID/cgroup says of each control group whose number a source tells with its events: the number is enough to know it then,
/// also when the process is gone.
///
/// Only where there is one hierarchy (version 2), whose groups keep their names and whose numbers are given out once (kernfs,
/// `ino` and generation in 64 bits).
struct ControlGroupTexts {
    private var texts: [UInt64: [UInt8]] = [:]
    private static let limit = 4096

    /// The text of a group; nil when it is not known.
    func text(of id: UInt64) -> [UInt8]? { texts[id] }

    /// Keeps a text if it is that of the group with the number; gives whether it is.
    ///
    /// A process that was moved after its event shows another group than the event tells, so the group's directory is asked.
    mutating func note(_ text: [UInt8], as id: UInt64, _ context: StateContext) -> Bool {
        guard Self.number(of: text, context) == id else { return false }
        if texts.count >= Self.limit { texts.removeAll(keepingCapacity: true) }
        texts[id] = text
        return true
    }

    /// The number of the group that a text names; nil where there are several hierarchies, or the group can't be seen.
    static func number(of text: [UInt8], _ context: StateContext) -> UInt64? {
        // One line, `0::PATH` (cgroups(7)).
        guard text.begins(with: "0::/"), text.firstIndex(of: 0x0a) == text.count - 1 else { return nil }
        let path = text[3..<text.count - 1]
        guard let hierarchy = CgroupDirectory.hierarchy(controllers: [], path: path, context) else { return nil }
        return CgroupDirectory.status(hierarchy, path, context)?.inode
    }
}

extension ProcessReader {
    /// Takes the control group that an event says its process is in, or a fork its child. Gives whether the record has what /proc says of
    /// that group.
    @discardableResult
    func takeControlGroup(_ id: UInt64, into process: ProcessRecord) -> Bool {
        guard id != 0 else { return false }
        var isKnown: Bool { process.known.contains(.cgroup) && !process.failed.contains(.cgroup) }
        if process.controlGroupID == id, isKnown { return true }
        if let text = controlGroups.text(of: id) {
            process.storedCgroups.replace(with: text)
            process.known.insert(.cgroup)
            process.failed.remove(.cgroup)
            (process.controlGroupID, process.otherControlGroupID) = (id, 0)
            containers?.assign(process)
            return true
        }
        // Asked in vain before: there are several hierarchies, or the group is gone.
        guard process.otherControlGroupID != id else { return false }
        if !isKnown || process.controlGroupID != 0 { refreshCgroup(of: process) }
        if isKnown, controlGroups.note(process.storedCgroups, as: id, context) {
            process.controlGroupID = id
            return true
        }
        (process.controlGroupID, process.otherControlGroupID) = (0, id)
        return false
    }
}
