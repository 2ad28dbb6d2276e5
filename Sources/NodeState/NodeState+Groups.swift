/// Which processes are in a control group.
extension NodeState {
    /// Whether a process is in the control group of a number, as sources tell it (`ProcessFacts.controlGroupID`); nil where that can't be
    /// told: version 1 hierarchies, groups that can't be seen from here, and what is no group's number.
    public func isMember(_ process: ProcessRecord, ofControlGroup id: UInt64) -> Bool? {
        // Where control groups don't tell processes apart, it is namespaces that a source tells.
        guard id != 0, id >> 63 == 0 else { return nil }
        if process.controlGroupID != 0 { return process.controlGroupID == id }
        let text = process.cgroups
        if let known = processReader.controlGroups.text(of: id) { return text.elementsEqual(known) }
        guard let found = ControlGroupTexts.number(of: text, context) else { return nil }
        return found == id
    }

    /// Whether a process that is known is there still: asked of /proc, where its end may not have been told.
    public func isAlive(_ process: ProcessRecord) -> Bool {
        guard !process.hasExited else { return false }
        if !process.isGone, processReader.isStillSame(process) { return true }
        processes.markExited(process)
        return false
    }

    /// A process on the host that is in the same control groups as another, lives, and neither is that one nor descends from it; nil when
    /// none is known.
    public func companion(of process: ProcessRecord) -> ProcessRecord? {
        let groups = process.cgroups
        return processes.records.first { record in
            record.serial != 0 && record !== process && !record.hasExited && record.container == nil
                && record.storedCgroups.elementsEqual(groups) && !record.descends(from: process.serial)
                && isAlive(record)
        }
    }
}
