import SeededRandom

/// Random rules files with lists, macros and exceptions, over the fields that filters are made of and others.
struct RandomRuleFile {
    var random: SeededGenerator

    private static let types = [
        "open", "openat", "openat2", "creat", "execve", "connect", "rename", "unlinkat", "mkdir", "dup2", "socket",
        "ptrace", "open_by_handle_at", "setuid",
    ]
    private static let words = [
        "a", "b", "abc", "bash", "sh", "nginx", "a-long-command-x", "a-long-command-name", "/etc", "/etc/",
        "/etc/shadow",
        "/etc/ssh/", "/usr/bin/sh", "/tmp/x", "shadow", "_key", ".pub", "../", "memfd:x", "root", "host", "c1",
        "ipv4", "ipv6", "unix", "file", "directory", "pipe", "4", "6", "u", "f", "SUCCESS", "EACCES",
    ]
    private static let texts = [
        "proc.name", "proc.pname", "proc.exepath", "proc.cmdline", "proc.aname", "proc.aname[2]", "proc.args",
        "container.id", "container.image.repository", "user.name", "fd.name", "fd.name", "fd.name", "fd.directory",
        "fd.filename", "fd.nameraw", "evt.arg.name", "evt.arg.path", "evt.arg.oldpath", "evt.arg.newpath",
        "fs.path.name", "fs.path.target", "evt.res", "fd.typechar", "fd.type",
    ]

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// The text of a file with some rules.
    mutating func text() -> String {
        var lines = ["- list: words", "  items: [\(list(Self.words))]"]
        for number in 0..<3 {
            lines += ["- macro: m\(number)", "  condition: (\(condition(2, macros: number)))"]
        }
        for number in 0..<Int.random(in: 1...6, using: &random) {
            let types = "evt.type in (\((0..<3).map { _ in random.pick(Self.types) }.joined(separator: ", ")))"
            let restriction = random.chance(80) ? "\(types) and " : ""
            lines += [
                "- rule: r\(number)", "  desc: d", "  condition: >",
                "    \(restriction)(\(condition(3, macros: 3)))", "  output: o", "  priority: INFO",
            ]
            if random.chance(60) { lines += exceptions() }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func exceptions() -> [String] {
        var lines = ["  exceptions:"]
        for number in 0..<Int.random(in: 1...3, using: &random) {
            let fields = [random.pick(Self.texts), random.pick(["proc.name", "fd.name", "proc.pname"])]
            let comps = [
                random.pick(["=", "in", "startswith"]), random.pick(["endswith", "contains", "in", "pmatch"]),
            ]
            let values = (0..<2).map { _ in
                "["
                    + comps.map { $0 == "in" || $0 == "pmatch" ? "[\(list(Self.words))]" : word() }.joined(
                        separator: ", ")
                    + "]"
            }
            lines += [
                "    - name: e\(number)", "      fields: [\(fields.joined(separator: ", "))]",
                "      comps: [\(comps.joined(separator: ", "))]", "      values: [\(values.joined(separator: ", "))]",
            ]
        }
        return lines
    }

    private mutating func condition(_ depth: Int, macros: Int) -> String {
        if depth == 0 || random.chance(20) {
            return macros > 0 && random.chance(25) ? "m\(Int.random(in: 0..<macros, using: &random))" : comparison()
        }
        let parts = (0..<Int.random(in: 2...4, using: &random)).map { _ in condition(depth - 1, macros: macros) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: return "(" + parts.joined(separator: " and ") + ")"
        case 4..<7: return "(" + parts.joined(separator: " or ") + ")"
        default: return "not (\(parts[0]))"
        }
    }

    private mutating func comparison() -> String {
        let text = random.pick(Self.texts)
        switch Int.random(in: 0..<18, using: &random) {
        case 0..<5: return "\(text) \(random.pick(["=", "!=", "startswith", "endswith", "contains"])) \(word())"
        case 5..<7: return "\(text) in (\(random.chance(30) ? "words" : list(Self.words)))"
        case 7: return "\(text) pmatch (\(list(["/etc", "/usr/bin", "/tmp/*", "/"])))"
        case 8: return "\(text) glob \(random.pick(["/etc/*", "*shadow", "/tmp/?", "*ssh*", "\"/etc/s[hx]*\"", "b*"]))"
        case 9:
            return "\(random.pick(["evt.is_open_read", "evt.is_open_write", "evt.failed"])) \(operatorSign()) true"
        case 10:
            let order = random.pick(["=", "!=", "<", "<=", ">", ">="])
            return "\(random.pick(["evt.rawres", "fd.num"])) \(order) \(random.pick(["-1", "0", "1"]))"
        case 11: return "user.uid \(operatorSign()) \(random.pick(["0", "1000"]))"
        case 12: return "fd.sport \(random.pick(["in (53, 443)", "= 22", "!= 443"]))"
        case 13:
            return random.pick([
                "fd.snet in (\"127.0.0.0/8\", \"10.0.0.0/9\")", "fd.sip = 10.0.0.1", "fd.net in (\"10.0.0.0/8\")",
                "fd.sip != 127.0.0.1", "fd.rnet = \"::1/128\"",
            ])
        case 14:
            return random.pick([
                "evt.arg.flags contains O_CREAT", "evt.rawarg.mode >= 64", "not evt.arg.flags contains O_TRUNC",
                "evt.arg.flags contains O_TRUNC", "evt.arg.domain = AF_INET",
                "evt.arg.domain contains AF_", "evt.arg.type in (3, 524291)", "evt.arg.proto = 9",
                "not evt.arg.proto in (0, 9)", "evt.arg.request in (PTRACE_ATTACH, PTRACE_POKETEXT)",
                "evt.arg.flags = O_RDONLY", "evt.arg[2] startswith O_",
            ])
        case 15:
            return random.pick([
                "tolower(proc.name) = bash", "proc.pname = val(proc.name)", "basename(proc.exepath) = sh",
                "len(fd.name) > 6", "proc.name regex \"[a-n]+\"", "fd.name icontains SHADOW",
            ])
        case 16: return "\(text) exists"
        default: return "evt.type \(operatorSign()) \(random.pick(Self.types))"
        }
    }

    private mutating func operatorSign() -> String { random.pick(["=", "!="]) }

    private mutating func word() -> String { "\"\(random.pick(Self.words))\"" }

    private mutating func list(_ words: [String]) -> String {
        (0..<Int.random(in: 1...4, using: &random)).map { _ in "\"\(random.pick(words))\"" }.joined(separator: ", ")
    }
}
