import EventModel
import RuleEngine

/// Rules that differ in program and directory, as many rules on files do: half of them exclude a program, half name one.
private func fileRules(_ count: Int) -> [UInt8] {
    var text = ""
    for number in 0..<count {
        let program = number % 2 == 0 ? "proc.name = program-\(number)" : "not proc.name in (tool-\(number), cat)"
        text += """
            - rule: Files \(number)
              desc: A directory that is not there.
              condition: >
                evt.type in (open, openat) and evt.is_open_read = true and fd.name startswith /srv/\(number)/ and \(program)
              output: "%fd.name"
              priority: INFO

            """
    }
    return Array(text.utf8)
}

/// Opens of files that no rule names.
private func unnamedOpens() -> [FilterInput] {
    guard let type = EventType(name: "openat") else { return [] }
    return (0..<64).map { number in
        var input = FilterInput(type: type)
        input.isFailed = false
        input.accessMode = 0
        input.command = Array("worker-\(number % 7)".utf8)
        input.user = UInt32(number % 3)
        input.files = [Array("/usr/share/zoneinfo/Europe/City-\(number)".utf8)]
        input.names = input.files
        return input
    }
}

/// Measures the reference of the kernel's filter by the number of rules: making it (an item is a rule), and an open that it stops.
func measureFilters() {
    let inputs = unnamedOpens()
    let rounds = 2000
    for count in [10, 100, 1000, 10_000] {
        guard let rules = ruleSet([("files", fileRules(count))]) else { return }
        var filter = rules.filter().program
        measure("make-filter-\(count)", count) { filter = rules.filter().program }
        var passed = 0
        measure("filter-\(count)", rounds * inputs.count) {
            for _ in 0..<rounds {
                for input in inputs where filter.passes(input) { passed += 1 }
            }
        }
        precondition(passed == 0, "an open that no rule names passes")
    }
}
