/// What the command line of a container runtime or shim says of a bundle.
struct RuntimeCommand: Equatable {
    /// The bundle directory; empty when not given.
    var bundle: [UInt8] = []
    var id: [UInt8] = []
    /// containerd's namespace, from a shim.
    var namespace: [UInt8] = []
    /// Whether it creates a container (`create` or `run`).
    var createsContainer = false
    /// Whether a process of it goes into a container (`create`, `run`, `exec`).
    var entersContainer = false

    /// Reads arguments, each followed by a NUL, without argument 0: those of runc, crun, youki (`create --bundle DIR ID`),
    /// and of containerd's shims (`-namespace NS -id ID -bundle DIR`).
    init(_ arguments: [UInt8]) {
        let words = arguments.split(separator: 0, omittingEmptySubsequences: false)
        var index = 0
        var isPastCommand = false
        while index < words.count {
            let word = words[index]
            index += 1
            let name = word.drop { $0 == UInt8(ascii: "-") }
            guard name.count < word.count else {
                if !isPastCommand {
                    isPastCommand = true
                    createsContainer = word.matches("create") || word.matches("run")
                    entersContainer = createsContainer || word.matches("exec")
                } else if entersContainer, !word.isEmpty {
                    id = Array(word)
                    // What follows the id of `exec` is the command to run.
                    if !createsContainer { break }
                }
                continue
            }
            let equals = name.firstIndex(of: UInt8(ascii: "="))
            let option = name[..<(equals ?? name.endIndex)]
            guard Self.takesValue(option) else { continue }
            let value: ArraySlice<UInt8>
            if let equals {
                value = name[(equals + 1)...]
            } else if index < words.count {
                value = words[index]
                index += 1
            } else {
                break
            }
            if option.matches("bundle") || option.matches("b") {
                bundle = Array(value)
            } else if option.matches("id") {
                id = Array(value)
            } else if option.matches("namespace") {
                namespace = Array(value)
            }
        }
    }

    /// Options with a value, which else would be taken for the command or the id.
    private static func takesValue(_ option: ArraySlice<UInt8>) -> Bool {
        let names: [StaticString] = [
            "bundle", "b", "id", "namespace", "address", "publish-binary", "socket", "log", "log-format", "root",
            "criu", "rootless", "console-socket", "pid-file", "preserve-fds", "pidfd-socket", "cgroup-manager",
            "process", "p", "cwd", "env", "e", "user", "u", "additional-gids", "g", "process-label", "apparmor",
            "cap", "c", "cgroup",
        ]
        return names.contains { option.matches($0) }
    }

    /// Whether a process with this name and these arguments (without argument 0) is a runtime's own, inside the
    /// container or about to be, whose next program is the container's. A runtime's hooks run on the host and are none.
    static func isInit(command: [UInt8], arguments: [UInt8]) -> Bool {
        command.begins(with: "runc:[") || command.matches("crun") || command.matches("youki")
            || arguments.begins(with: "init\u{0}")
    }

    /// Whether a command name is that of a runtime that works inside a container's control group before its first
    /// program runs, or creates containers.
    static func isRuntime(command: [UInt8]) -> Bool {
        // Asked for every event of a host process: most are told apart by their first byte.
        switch command.first {
        case UInt8(ascii: "r"): command.matches("runc") || command.begins(with: "runc:[")
        case UInt8(ascii: "c"): command.matches("crun")
        case UInt8(ascii: "y"): command.matches("youki")
        default: false
        }
    }
}
