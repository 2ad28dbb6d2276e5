import EventModel
import RuleEngine

/// Mistakes that a filter may have.
enum FilterFlaw: CaseIterable {
    case alternative, deniedCommand, missingCommand, missingPrefix, outcome, address
    /// A dimension that leaves nothing possible but to who does not ask.
    case access, scope, user, family, port, executable, name, arguments, fileName, contained

    /// Whether it is looked for with a rule for each dimension, else with the built-in rules.
    var isOfDimension: Bool {
        switch self {
        case .alternative, .deniedCommand, .missingCommand, .missingPrefix, .outcome, .address: false
        case .access, .scope, .user, .family, .port, .executable, .name, .arguments, .fileName, .contained: true
        }
    }

    func apply(to program: FilterProgram) -> FilterProgram {
        var flawed = FilterProgram()
        for (index, filter) in program.filters.enumerated() {
            let place = flawed.append(apply(to: filter))
            for type in EventType.all where program.filterOfType[Int(type.index)] == Int16(index) {
                flawed.assign(filter: place, to: type)
            }
        }
        return flawed
    }

    private func apply(to filter: TypeFilter) -> TypeFilter {
        var filter = filter
        func changed(_ table: TextTable?, _ exact: [TextTable.Row]? = nil, _ prefixes: [TextTable.Row]? = nil)
            -> TextTable?
        {
            guard let table else { return nil }
            return TextTable(
                others: table.others, exact: exact ?? table.exact, prefixes: prefixes ?? table.prefixes,
                suffixes: table.suffixes.map {
                    .init(text: $0.text.reversed(), granted: $0.granted, denied: $0.denied)
                },
                fileNames: table.fileNames, contained: table.contained)
        }
        switch self {
        case .alternative: filter.alternatives.remove(0)
        case .deniedCommand:
            filter.command = changed(
                filter.command,
                filter.command?.exact.map { row in
                    var row = row
                    row.deny(filter.alternatives)
                    return row
                })
        case .missingCommand: filter.command = changed(filter.command, Array(filter.command?.exact.dropFirst(2) ?? []))
        case .missingPrefix: filter.file = changed(filter.file, nil, Array(filter.file?.prefixes.dropFirst() ?? []))
        case .outcome:
            filter.outcome = filter.outcome.map { table in
                NumberTable(others: table.others, rows: table.rows.filter { $0.number == 1 })
            }
        case .address:
            filter.address = filter.address.map { AddressTable(others: AlternativeSet(), rows: $0.rows) }
        case .access: filter.access = emptied(filter.access)
        case .scope: filter.scope = emptied(filter.scope)
        case .user: filter.user = emptied(filter.user)
        case .family: filter.family = emptied(filter.family)
        case .port: filter.port = emptied(filter.port)
        case .executable: filter.executable = emptied(filter.executable)
        case .name: filter.name = emptied(filter.name)
        case .arguments:
            filter.arguments = filter.arguments.map {
                ArgumentTable(argument: $0.argument, others: AlternativeSet(), rows: [])
            }
        case .fileName:
            filter.file = filter.file.map {
                TextTable(
                    others: $0.others, exact: $0.exact, prefixes: $0.prefixes, suffixes: $0.suffixes, fileNames: [],
                    contained: $0.contained)
            }
        case .contained:
            filter.file = filter.file.map {
                TextTable(
                    others: $0.others, exact: $0.exact, prefixes: $0.prefixes, suffixes: $0.suffixes,
                    fileNames: $0.fileNames, contained: [])
            }
        }
        return filter
    }

    private func emptied(_ table: NumberTable?) -> NumberTable? {
        table.map { _ in NumberTable(others: AlternativeSet(), rows: []) }
    }

    private func emptied(_ table: TextTable?) -> TextTable? {
        table.map { _ in TextTable(others: AlternativeSet(), exact: []) }
    }
}
