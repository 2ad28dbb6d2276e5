import EventModel

@testable import RuleEngine

/// A process with two threads, and what a source has found out about it.
struct ModelProcess {
    /// What a fact is that nobody has told yet.
    private static let ordinary: [String: TestValue] = [
        "proc.name": "worker", "proc.exepath": "/usr/bin/worker", "proc.exe": "worker", "proc.args": "-d",
        "proc.cmdline": "worker -d", "proc.pname": "init", "proc.pcmdline": "init x", "proc.pexepath": "/sbin/init",
        "user.uid": .unsigned(1000), "user.name": "nobody", "user.loginuid": .signed(-1), "container.id": "host",
        "container.image.repository": "registry/app", "proc.aname": ["init", "systemd"],
        "proc.apid": [.signed(7), .signed(1)], "proc.aname[1]": "init", "proc.aname[2]": "systemd",
        "proc.aname[3]": "systemd", "proc.is_exe_from_memfd": false, "proc.is_exe_upper_layer": false,
        "container.privileged": false, "thread.cap_effective": "CAP_CHOWN", "proc.exe.origin": "package",
        "proc.exepath.trusted": "/usr/bin/worker", "proc.pexepath.trusted": "/sbin/init",
        "proc.aexepath.trusted": ["/sbin/init"],
    ]
    /// What the threads can differ in.
    private static let perThread: [ProcessChanges: [String]] = [
        .command: ["proc.name", "proc.cmdline"],
        .credentials: ["user.uid", "user.name", "group.gid", "group.name", "user.homedir", "user.shell"],
        .capabilities: ["thread.cap_permitted", "thread.cap_effective", "thread.cap_inheritable"],
    ]

    /// The facts as each thread has them.
    private(set) var threads: [[String: TestValue]]
    /// What the source knows to be possible; nil: nothing was found out since the last change.
    private(set) var residual: [AlternativeSet]?

    init() { threads = Array(repeating: Self.ordinary, count: 2) }

    /// A fact becomes another one; what was found out is void if that depends on it.
    mutating func set(_ field: String, to value: TestValue, thread: Int, noticing changes: ProcessChanges) {
        let name = String(field.prefix { $0 != "[" })
        let isPerThread = Self.perThread.values.contains { $0.contains(name) }
        guard threads[thread][field] != value else { return }
        for index in threads.indices where !isPerThread || index == thread { threads[index][field] = value }
        guard let fieldChanges = ProcessFields.changes(name) else { return }
        // Each way to change the fact is one that is noticed; not each is of this kind.
        if !fieldChanges.isDisjoint(with: changes) { residual = nil }
    }

    /// The source looks at the process. `hidden`: facts that it can't find out now.
    mutating func lookAt(
        _ evaluator: inout ResidualEvaluator, catalogue: FieldCatalogue, hidden: Set<String>, partialAncestry: Bool
    ) {
        var values = threads[0]
        for field in hidden { values[field] = .null }
        if partialAncestry {
            values["proc.aname"] = ["init"]
            values["proc.apid"] = [.signed(7)]
        }
        var event = TestEvent("openat", values)
        event.catalogue = catalogue
        var uniform: ProcessChanges = []
        for (change, fields) in Self.perThread where fields.allSatisfy({ threads[0][$0] == threads[1][$0] }) {
            uniform.insert(change)
        }
        evaluator.evaluate(event, uniform: uniform)
        residual = evaluator.sets
    }
}
