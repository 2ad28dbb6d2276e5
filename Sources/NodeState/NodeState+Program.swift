import EventModel

/// Which program an event is of. The event's own word of command and executable is the truth of its moment; the table may have
/// gone on (an exec that another source told sooner, a /proc that was read later) or may have missed something.
extension NodeState {
    /// A program that stands in for a process's own while one event is at hand.
    struct ShownProgram {
        var process: ProcessRecord?
        var serial: UInt64 = 0
        var isPrevious = false
        var isCommandOnly = false
        var known: ProcessDetails = []
        var failed: ProcessDetails = []
        var image = ProgramImage()
    }

    /// Makes the process have the program that the event tells. For events that are no exec.
    func showProgram(of process: ProcessRecord) {
        let facts = current.event.process
        let isCommandSame =
            !facts.command.isPresent || process.storedCommand.elementsEqual(current.event.slice(facts.command))
        let executable = ProcessRecord.plainExecutablePath(current.event.slice(facts.executable))
        let isExecutableSame = !facts.executable.isPresent || process.storedExecutablePath.elementsEqual(executable)
        if isCommandSame && isExecutableSame { return }
        if current.event.timeNanoseconds < process.programNanoseconds {
            showOlder(process, executable)
        } else if isExecutableSame {
            // A thread's own name, or a new one: the others of the process keep theirs.
            begin(&shown, process)
            shown.isCommandOnly = true
            swap(&process.storedCommand, &shown.image.command)
            process.storedCommand.replace(with: current.event.slice(facts.command))
        } else {
            missedExec(process, isCommandSame: isCommandSame)
        }
    }

    /// Makes forebears have the programs that they had at the event, where a quicker source has told of an exec already that comes
    /// later in the order of the event's own: `(uname; id; date)` is a shell's child that becomes `date`, and was a shell to `uname`.
    func showForebears(of process: ProcessRecord) {
        guard !isQuick(current.event.source) else { return }
        var heir = process
        for _ in 0..<Self.forebearsShown {
            guard let forebear = processes.linkedParent(of: heir) else { return }
            if isExecAhead(of: current.event.timeNanoseconds, forebear) {
                var program = ShownProgram()
                begin(&program, forebear)
                showPrevious(of: forebear, &program)
                shownForebears.append(program)
            }
            heir = forebear
        }
    }

    private static let forebearsShown = 3

    /// Puts the processes' own programs back.
    func endShownProgram() {
        putBack(&shown)
        while var program = shownForebears.popLast() { putBack(&program) }
    }

    private func putBack(_ shown: inout ShownProgram) {
        guard let process = shown.process else { return }
        shown.process = nil
        guard process.serial == shown.serial else { return }
        if shown.isCommandOnly {
            swap(&process.storedCommand, &shown.image.command)
        } else {
            if shown.isPrevious {
                process.exchangeProgram(with: &process.previousProgram)
            } else {
                process.exchangeProgram(with: &shown.image)
            }
            process.known = shown.known.union(process.known.subtracting(.ofProgram))
            process.failed = shown.failed.intersection(.ofProgram).union(process.failed.subtracting(.ofProgram))
        }
    }

    private func begin(_ shown: inout ShownProgram, _ process: ProcessRecord) {
        shown.process = process
        shown.serial = process.serial
        shown.isPrevious = false
        shown.isCommandOnly = false
        shown.known = process.known
        shown.failed = process.failed
    }

    /// The event is older than the program that the table has.
    private func showOlder(_ process: ProcessRecord, _ executable: ArraySlice<UInt8>) {
        let facts = current.event.process
        begin(&shown, process)
        let previous = process.previousProgram
        let isPrevious =
            (!facts.command.isPresent || previous.command.elementsEqual(current.event.slice(facts.command)))
            && (!facts.executable.isPresent || previous.executablePath.isEmpty
                || previous.executablePath.elementsEqual(executable))
        if isPrevious {
            showPrevious(of: process, &shown)
        } else {
            shown.image.removeAll()
            process.exchangeProgram(with: &shown.image)
            takeForWhole(process)
            process.failed.formUnion([.arguments, .environment, .executableFile])
        }
        if facts.command.isPresent { process.storedCommand.replace(with: current.event.slice(facts.command)) }
        if facts.executable.isPresent { process.storedExecutablePath.replace(with: executable) }
    }

    private func showPrevious(of process: ProcessRecord, _ shown: inout ShownProgram) {
        shown.isPrevious = true
        process.exchangeProgram(with: &process.previousProgram)
        takeForWhole(process)
        if !process.storedArgumentZero.isEmpty { process.failed.remove(.arguments) }
    }

    /// What /proc has by now is the later program's: nothing is asked.
    private func takeForWhole(_ process: ProcessRecord) {
        process.known.formUnion([.command, .arguments, .environment, .executablePath, .executableFile])
        process.failed.subtract([.command, .executablePath])
        process.known.remove(.executableLayer)
    }

    /// The process has another program than the table knows: no event told of the exec.
    private func missedExec(_ process: ProcessRecord, isCommandSame: Bool) {
        let facts = current.event.process
        let isLinkRead = !process.isGone && context.readProcessLink(process.pid, "exe")
        let running = isLinkRead ? ProcessRecord.plainExecutablePath(context.content[...]) : []
        if isLinkRead, isCommandSame, running.elementsEqual(process.storedExecutablePath) {
            // The same program under the path that it has in its own root directory (chroot(2)).
            return process.setExecutablePath(current.event.slice(facts.executable))
        }
        process.beginProgram()
        process.hasExecuted = true
        process.programNanoseconds = current.event.timeNanoseconds
        process.known.subtract(.ofProgram)
        process.failed.subtract(.ofProgram)
        if facts.command.isPresent {
            process.storedCommand.replace(with: current.event.slice(facts.command))
            process.known.insert(.command)
        }
        process.setExecutablePath(current.event.slice(facts.executable))
        // Arguments in /proc are this program's only if it is still the one that runs.
        if !isLinkRead || !running.elementsEqual(process.storedExecutablePath) {
            let details: ProcessDetails = [.arguments, .environment, .executableFile]
            process.known.formUnion(details)
            process.failed.formUnion(details)
        }
    }
}
