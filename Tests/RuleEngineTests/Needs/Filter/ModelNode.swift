import EventModel
import SeededRandom

@testable import RuleEngine

/// Processes that change and make events, seen by rules with and without a filter in front.
struct ModelNode: ~Copyable {
    private let rules: RuleSet
    private let filter: FilterProgram
    private let changes: ProcessChanges
    private var residual: ResidualEvaluator
    private var evaluator: Evaluator
    private var processes = Array(repeating: ModelProcess(), count: 3)
    private var random: SeededGenerator
    /// How many events matched a rule.
    private(set) var matched = 0
    /// How many events the filter stopped, and how many of those for what their process is.
    private(set) var stopped = 0
    private(set) var stoppedByProcess = 0
    /// Events that matched and were stopped.
    private(set) var violations: [String] = []

    init(_ rules: RuleSet, _ filter: RuleFilter, seed: UInt64) {
        self.rules = rules
        self.filter = filter.program
        changes = filter.residual.changes
        residual = ResidualEvaluator(filter.residual)
        evaluator = Evaluator(rules, mode: .all)
        random = SeededGenerator(seed: seed)
    }

    /// Some process changes, is looked at, or makes an event that is made to match some rule, or nearly.
    mutating func step() {
        guard let rule = rules.rules.randomElement(using: &random) else { return }
        let process = Int.random(in: 0..<processes.count, using: &random)
        let thread = random.chance(70) ? 0 : 1
        guard let type = rule.eventTypes.types.randomElement(using: &random) else { return }
        var satisfier = ConditionSatisfier(catalogue: rules.catalogue, random: SeededGenerator(seed: random.next()))
        satisfier.satisfy(rule.condition, type)
        var call = ModelCall(type: type)
        call.result = random.pick([0, 0, 3, -1, -13, -115])
        call.flags = random.pick([0, 1, 2, 0o102, 0o1101, 0o1000])
        call.family = random.pick([0, 1, 2, 10])
        if random.chance(20) { call.alias = random.pick(["/etc/shadow", "/tmp/x", "/usr/bin/sh"]) }
        for position in type.arguments.indices { call.registers[position] = random.pick([0, 1, 2, 4, 16]) }
        if random.chance(25) {
            // Another process, which is nothing special.
            processes[process] = ModelProcess()
            lookAt(process)
        }
        let changesProcess = random.chance(60)
        let isOrdinary = random.chance(20)
        var others: [String: TestValue] = [:]
        for (field, value) in satisfier.wanted.sorted(by: { $0.key < $1.key }) {
            let name = String(field.prefix { $0 != "[" })
            if ProcessFields.changes(name) != nil {
                guard changesProcess, random.chance(90) else { continue }
                let cut = name == "proc.name" ? value.cut : value
                processes[process].set(field, to: cut, thread: thread, noticing: changes)
                if name == "proc.aname", case .list(let names) = cut {
                    let ids = names.indices.map { TestValue.signed($0 == names.count - 1 ? 1 : 7) }
                    processes[process].set("proc.apid", to: .list(ids), thread: thread, noticing: changes)
                }
            } else if !isOrdinary, !call.take(field, value) {
                others[field] = value
            }
        }
        if random.chance(60) { lookAt(process) }
        makeEvent(call, process, thread, others)
    }

    private mutating func lookAt(_ process: Int) {
        let hideable = [
            "proc.name", "proc.pname", "proc.exepath", "container.id", "user.uid", "proc.aname[2]", "proc.args",
        ]
        let hidden = hideable.filter { _ in random.chance(10) }
        processes[process].lookAt(
            &residual, catalogue: rules.catalogue, hidden: Set(hidden), partialAncestry: random.chance(10))
    }

    private mutating func makeEvent(
        _ call: ModelCall, _ process: Int, _ thread: Int, _ others: [String: TestValue]
    ) {
        let facts = processes[process].threads[thread]
        var isMatched = false
        for isAliased in call.alias == nil ? [false] : [false, true] where !isMatched {
            let values = others.merging(facts) { $1 }.merging(call.values(isAliased: isAliased)) { $1 }
            var event = TestEvent(call.type.name, values)
            event.catalogue = rules.catalogue
            isMatched = evaluator.evaluate(call.type, reader: event)
        }
        var input = call.input(facts)
        forget(&input)
        let possible = filter.alternatives(for: input)
        let passes = !possible.intersection(set(of: call.type, processes[process])).isEmpty
        if isMatched { matched += 1 }
        if !passes {
            stopped += 1
            if !possible.isEmpty { stoppedByProcess += 1 }
        }
        guard isMatched, !passes else { return }
        violations.append("\(call.type.name): \(evaluator.matches.map { rules.matchNames[$0] }) \(call) \(facts)")
    }

    private func set(of type: EventType, _ process: ModelProcess) -> AlternativeSet {
        let index = Int(filter.filterOfType[Int(type.index)])
        guard index >= 0, let sets = process.residual else { return .all }
        return sets[index]
    }

    /// The kernel doesn't know everything always.
    private mutating func forget(_ input: inout FilterInput) {
        if random.chance(10) { input.files = nil }
        if random.chance(10) { input.names = nil }
        if random.chance(10) { input.command = nil }
        if random.chance(10) { input.families = nil }
        if random.chance(50) { input.isInContainer = nil }
        if random.chance(50) { input.executables = nil }
        if random.chance(10) { input.arguments = [] }
    }
}

extension TestValue {
    /// As the kernel keeps a command's name.
    fileprivate var cut: TestValue {
        guard case .text(let text) = self else { return self }
        return .text(String(decoding: text.utf8.prefix(FilterInput.commandLength), as: UTF8.self))
    }
}

extension ModelCall {
    /// Makes a field have a value, if the field is made of the call; false if it is not.
    mutating func take(_ field: String, _ value: TestValue) -> Bool {
        switch (field, value) {
        case ("fd.name", .text(let text)): file = text
        case ("fd.directory", .text(let text)): file = text + "/file"
        case ("fd.filename", .text(let text)): file = "/etc/" + text
        case ("fd.nameraw", .text(let text)), ("fs.path.name", .text(let text)), ("evt.arg.name", .text(let text)),
            ("evt.arg.path", .text(let text)), ("evt.arg.oldpath", .text(let text)),
            ("fs.path.source", .text(let text)),
            ("evt.arg.filename", .text(let text)), ("evt.arg.pathname", .text(let text)):
            names[0] = text
        case ("evt.arg.newpath", .text(let text)), ("fs.path.target", .text(let text)),
            ("evt.arg.linkpath", .text(let text)):
            names[1] = text
        case ("evt.rawres", .signed(let number)), ("fd.num", .signed(let number)): result = number
        case ("evt.res", .text(let text)): result = text == "SUCCESS" ? 0 : text == "EINPROGRESS" ? -115 : -13
        case ("evt.failed", .bool(let isFailed)): result = isFailed ? -1 : 0
        case ("evt.is_open_read", .bool(let reads)): flags = flags & ~3 | (reads ? 0 : 1)
        case ("evt.is_open_write", .bool(let writes)): flags = flags & ~3 | (writes ? 1 : 0)
        case ("fd.typechar", .text(let text)), ("fd.type", .text(let text)), ("fd.sockfamily", .text(let text)):
            family = ["4": 2, "6": 10, "u": 1, "ipv4": 2, "ipv6": 10, "unix": 1, "ip": 2][text] ?? family
        case ("fd.sport", .unsigned(let number)), ("fd.rport", .unsigned(let number)):
            port = UInt16(truncatingIfNeeded: number)
            family = 2
        case ("fd.sip", .address(let text)), ("fd.snet", .address(let text)), ("fd.rip", .address(let text)),
            ("fd.rnet", .address(let text)):
            address = IPAddress(text: text)?.bytes ?? address
            family = address.count == 16 ? 10 : 2
        case (_, .text(let text)) where field.hasPrefix("evt.arg."):
            takeArgument(String(field.dropFirst("evt.arg.".count)), text)
        default: return false
        }
        return true
    }

    private mutating func takeArgument(_ name: String, _ text: String) {
        guard let position = type.arguments.firstIndex(where: { $0.name == name }) else { return }
        let argument = type.arguments[position]
        switch argument.kind {
        case .path: if case .path(let index) = argument.origin, index < names.count { names[index] = text }
        case .flags(let vocabulary), .enumeration(let vocabulary):
            guard let found = FlagVocabulary.named(vocabulary) else { return }
            let name = found.names.first { String(decoding: $0.text, as: UTF8.self).contains(text) }
            guard let native = name?.native else { return }
            if vocabulary == "file_flags" { flags |= native } else { registers[position] = native }
        case .number: registers[position] = UInt64(text)
        default: return
        }
    }
}
