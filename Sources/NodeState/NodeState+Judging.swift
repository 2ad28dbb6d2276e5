/// Marks that processes hand on to all that they make.
extension NodeState {
    /// Marks a process, and what descends from it by forks, whoever its parent is by now: eight generations of what is there already,
    /// and all that is made from now on. Who has a mark keeps it.
    ///
    /// - Parameters:
    ///   - mark: what it means is the caller's; not 0.
    ///   - body: called with each process that had none.
    public func judge(_ process: ProcessRecord, as mark: UInt32, _ body: (ProcessRecord) -> Void) {
        let serial = process.serial
        if process.judgement == 0 {
            process.judgement = mark
            body(process)
        }
        for record in processes.records where record.serial != 0 && record.judgement == 0 {
            guard record.descends(from: serial) else { continue }
            record.judgement = mark
            body(record)
        }
    }
}

extension ProcessRecord {
    /// Notes who made it, if that is not known yet, and takes on what is handed on.
    func noteMaker(_ maker: ProcessRecord) {
        guard forebears[0] == 0, maker !== self else { return }
        forebears[0] = maker.serial
        for generation in 1..<forebears.count { forebears[generation] = maker.forebears[generation - 1] }
        if judgement == 0 { judgement = maker.judgement }
    }

    /// Whether a process made it, or one that it descends from, as far as eight generations say.
    public func descends(from serial: UInt64) -> Bool {
        for generation in forebears.indices where forebears[generation] == serial { return serial != 0 }
        return false
    }
}
