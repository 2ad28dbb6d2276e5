import EventModel

/// The file that an exec's event names as the program.
extension NodeState {
    /// Finds out where the program comes from, while the exec's event tells which files it named; a source that told of the exec
    /// sooner may have known less.
    func judgeOrigin(of process: ProcessRecord) {
        guard options.wanted.contains(.executableOrigin), process.storedExecutable.mark.isOpen else { return }
        origins.judge(process, executed: current.event.paths, scripts: scripts(of: process))
    }

    /// Takes the executable's inode from the call's paths, for a program that was gone before it could be looked at.
    func takeExecutableFile(of process: ProcessRecord) {
        guard process.storedExecutable.inode == 0 else { return }
        let scripts = scripts(of: process)
        for (index, path) in current.event.paths.enumerated() where path.inode != 0 && path.name.isPresent {
            guard !scripts.contains(index) else { continue }
            let name = current.event.slice(path.name)
            // A link of /proc leads to the file itself, whatever it is called: runtimes start themselves by /proc/self/exe.
            guard name.elementsEqual(process.storedExecutablePath) || index == 0 && name.begins(with: "/proc/self/exe")
            else { continue }
            processReader.takeExecutable(path, of: process)
            return
        }
    }

    /// Which of an exec's paths may be scripts' and so not the program's. Behind an interpreter's name the arguments have that of
    /// the script (load_script, fs/binfmt_script.c); of an execveat its beginning is a descriptor.
    private func scripts(of process: ProcessRecord) -> PathNumbers {
        var found = PathNumbers()
        var rest = Self.mostScriptArguments
        for word in WordIterator(process.storedArguments) {
            guard rest > 0 else { break }
            rest -= 1
            if word.begins(with: "/dev/fd/") { found.insert(0) }
            for (index, path) in current.event.paths.enumerated() where path.name.isPresent {
                if current.event.slice(path.name).elementsEqual(word) { found.insert(index) }
            }
        }
        return found
    }

    /// Each script that is another's interpreter adds its name and an option; the kernel follows five (exec_binprm, fs/exec.c).
    private static let mostScriptArguments = 12
}

/// Numbers of an event's paths.
struct PathNumbers {
    private var bits: UInt64 = 0

    mutating func insert(_ number: Int) { if number < UInt64.bitWidth { bits |= 1 << UInt64(number) } }

    /// Whether a path is one of them; those beyond what there is room for are.
    func contains(_ number: Int) -> Bool { number >= UInt64.bitWidth || bits & 1 << UInt64(number) != 0 }
}
