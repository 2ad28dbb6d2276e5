import CommandOutput
import Profiles

/// Rules in Falco's format that raise an alert when a workload does what it was not seen to do: lists to be reviewed and kept in
/// version control, which work without Shrike's profiles and in Falco.
public struct WorkloadRules: Sendable {
    private let observed: ObservedPrivileges
    private let name: String
    /// What tells the workload's events.
    private let condition: String
    /// The rules file.
    public private(set) var yaml = ""
    /// What could not be written into it.
    public private(set) var remarks: [String] = []

    /// Rules of what was seen; fails when the workload's name can't be written in a condition.
    public init(_ observed: ObservedPrivileges) throws(DocumentError) {
        self.observed = observed
        let word = String(observed.workload.label.lowercased().map { $0 == "." || $0 == "-" ? "_" : $0 })
        name = word.first?.isLetter == true ? word : "workload_\(word)"
        guard let condition = Self.condition(observed.workload) else {
            throw DocumentError(observed.workload, format: "a rule's condition")
        }
        self.condition = condition
        make()
    }

    private mutating func make() {
        var leftOut = LeftOut("no rule can hold names with backslashes, control characters or more than 255 bytes")
        var items = [item([("macro", .text("\(name)_workload")), ("condition", .text(condition))])]
        if !observed.programs.isEmpty { items += programs(&leftOut) }
        if observed.files.contains(where: { $0.access == .write }) { items += writes(&leftOut) }
        items += network
        if !observed.users.isEmpty { items += users }
        let head = [
            "# What \(observed.workload.text.printable) was seen to do\(period); anything else is an alert.",
            "# Made by `shrike profile rules`. Review it like code.",
        ]
        yaml = head.map { $0 + "\n" }.joined() + ValueTree.list(items).yaml
        remarks = leftOut.remarks
    }

    private var period: String {
        observed.since == 0 ? "" : " from \(ProfileTime.day(observed.since)) to \(ProfileTime.day(observed.until))"
    }

    private func item(_ members: [(String, ValueTree)]) -> ValueTree {
        .map(members.map { ValueTree.Member($0.0, $0.1) })
    }

    /// Which events are the workload's.
    private static func condition(_ workload: WorkloadIdentity) -> String? {
        func word(_ text: String) -> String? { FalcoText.path(PathGlob(profiled: text)) }
        switch workload {
        case .kubernetes(let namespace, let owner, let container):
            guard let space = word(namespace), let pod = word(owner), let start = word(owner + "-"),
                let name = word(container)
            else { return nil }
            return
                "k8s.ns.name = \(space) and (k8s.pod.name = \(pod) or k8s.pod.name startswith \(start)) and container.name = \(name)"
        case .container(let name, let image):
            guard let name = word(name) else { return nil }
            guard !image.isEmpty else { return "container.name = \(name)" }
            return word(image).map { "container.name = \(name) and container.image.repository = \($0)" }
        case .unit(let unit):
            // Of a template all instances.
            return word("/" + (unit.hasSuffix("@.service") ? String(unit.dropLast(8)) : unit))
                .map { "thread.cgroups contains \($0)" }
        case .program(let uid, let path):
            let glob = PathGlob(profiled: path)
            guard let text = glob.isPattern ? FalcoText.glob(glob) : FalcoText.path(glob) else { return nil }
            let compared = glob.isPattern ? "glob" : "="
            return "(proc.exepath \(compared) \(text) or proc.aexepath \(compared) \(text)) and user.uid = \(uid)"
        }
    }

    private func list(_ suffix: String, _ texts: [String]) -> ValueTree {
        item([("list", .text("\(name)_\(suffix)")), ("items", .texts(texts.sorted()))])
    }

    private func rule(_ what: String, _ condition: String, _ output: String, _ tags: [String]) -> ValueTree {
        item([
            ("rule", .text("\(observed.workload.label): \(what)")),
            ("desc", .text("\(observed.workload.text.printable) did what it was not seen to do: \(what).")),
            ("condition", .text("\(condition) and \(name)_workload")),
            (
                "output",
                .text(
                    "\(what) (\(output) process=%proc.name command=%proc.cmdline user=%user.name container=%container.id)"
                )
            ),
            ("priority", .text("WARNING")), ("tags", .texts(tags + ["profile"])),
        ])
    }

    private func programs(_ leftOut: inout LeftOut) -> [ValueTree] {
        let known = Known(observed.programs.map(\.path), "proc.exepath", &leftOut)
        return [
            list("programs", known.names),
            rule(
                "unknown program",
                "evt.type in (execve, execveat) and evt.arg.res = 0 and not proc.exepath in (\(name)_programs)\(known.exceptions)",
                "executable=%proc.exepath parent=%proc.pname", ["process"]),
        ]
    }

    private func writes(_ leftOut: inout LeftOut) -> [ValueTree] {
        let known = Known(observed.files.filter { $0.access == .write }.map(\.path), "fd.name", &leftOut)
        return [
            list("written", known.names),
            rule(
                "unknown file written",
                "evt.type in (open, openat, openat2, creat) and evt.is_open_write = true and fd.typechar = 'f' "
                    + "and fd.num >= 0 and not fd.name in (\(name)_written)\(known.exceptions)",
                "file=%fd.name", ["filesystem"]),
        ]
    }

    /// Nothing listens and nothing connects where nothing was seen to, once that is settled.
    private var network: [ValueTree] {
        var items: [ValueTree] = []
        if !observed.ports.isEmpty || !observed.unsettled.contains("listen") {
            let ports = Set(observed.ports.map { "\($0.number)" }).sorted()
            let known = ports.isEmpty ? "" : " and not fd.sport in (\(name)_ports)"
            if !ports.isEmpty { items.append(list("ports", ports)) }
            items.append(
                rule(
                    "unknown port listened on", "evt.type = listen\(known)", "port=%fd.sport",
                    ["network"]))
        }
        if !observed.destinations.isEmpty || !observed.unsettled.contains("connect") {
            let all = Set(observed.destinations.map(\.address))
            let addresses = all.filter(\.isSingle).map { "'\($0.text)'" }
            let nets = all.filter { !$0.isSingle }.map { "'\($0.text)'" }
            let known =
                (addresses.isEmpty ? "" : " and not fd.sip in (\(name)_addresses)")
                + (nets.isEmpty ? "" : " and not fd.snet in (\(name)_nets)")
            if !addresses.isEmpty { items.append(list("addresses", addresses)) }
            if !nets.isEmpty { items.append(list("nets", nets)) }
            items.append(
                rule(
                    "unknown destination",
                    "evt.type = connect and fd.typechar in ('4', '6')\(known)", "destination=%fd.name",
                    ["network"]))
        }
        return items
    }

    private var users: [ValueTree] {
        [
            rule(
                "unknown user",
                "evt.type in (execve, execveat) and not user.uid in (\(observed.users.sorted().map(String.init).joined(separator: ", ")))",
                "uid=%user.uid", ["users"])
        ]
    }
}

/// Paths as a list, and as exceptions where they are patterns.
private struct Known {
    /// Items of a list.
    var names: [String] = []
    /// ` and not FIELD glob …` for each pattern.
    var exceptions = ""

    /// `**` at the end of a path is a directory and all below it; `*` is Falco's own sign.
    init(_ paths: [PathGlob], _ field: String, _ leftOut: inout LeftOut) {
        var conditions: Set<String> = []
        for path in Set(paths) {
            if !path.isPattern {
                guard let name = FalcoText.path(path) else {
                    leftOut.note(path.text)
                    continue
                }
                names.append(name)
            } else if path.parts.count == 2, path.parts.last == .below, case .bytes(let directory) = path.parts[0],
                let start = FalcoText.path(PathGlob(literal: directory))
            {
                conditions.insert("\(field) startswith \(start)")
            } else if let glob = FalcoText.glob(path) {
                conditions.insert("\(field) glob \(glob)")
            } else {
                leftOut.note(path.text)
            }
        }
        exceptions = conditions.sorted().map { " and not \($0)" }.joined()
    }
}
