import EventModel

/// Ways by the numbers of what they ask for in each dimension: to look one up is to hash a few numbers, not all that it names.
struct NumberedClauses {
    private struct Way: Hashable {
        /// For each dimension the number of the values that are asked for; 0: any.
        var values: [Int]
        var residual: Int
    }

    private let dimensions: [FilterDimension]
    private var numbers: [FilterValues: Int] = [:]
    /// By number; nothing under 0.
    private var values: [FilterValues?] = [nil]
    private var ways: [Way] = []

    init(_ clauses: [FilterClause]) {
        dimensions = Set(clauses.flatMap(\.need.conditions.keys)).sorted()
        ways.reserveCapacity(clauses.count)
        for clause in clauses {
            let asked = dimensions.map { number(of: clause.need.conditions[$0]) }
            ways.append(Way(values: asked, residual: clause.residual))
        }
    }

    /// The ways as clauses.
    var clauses: [FilterClause] {
        ways.map { way in
            var need = FilterNeed()
            for (dimension, number) in zip(dimensions, way.values) { need.conditions[dimension] = values[number] }
            return FilterClause(need: need, residual: way.residual)
        }
    }

    private mutating func number(of asked: FilterValues?) -> Int {
        guard let asked else { return 0 }
        if let known = numbers[asked] { return known }
        numbers[asked] = values.count
        values.append(asked)
        return values.count - 1
    }

    /// Makes ways that differ in one dimension only one, where that lets nothing more through.
    mutating func uniteAll() {
        for index in dimensions.indices where ways.count > 1 { unite(by: index) }
    }

    private mutating func unite(by dimension: Int) {
        var places: [Way: Int] = [:]
        var groups: [(rest: Way, values: [Int])] = []
        for way in ways {
            let value = way.values[dimension]
            var rest = way
            rest.values[dimension] = 0
            guard let place = places[rest] else {
                places[rest] = groups.count
                groups.append((rest, [value]))
                continue
            }
            if let known = groups[place].values.firstIndex(where: { joinExactly($0, value) }) {
                let other = groups[place].values[known]
                groups[place].values[known] = number(of: values[other].flatMap { one in values[value].flatMap(one.or) })
            } else {
                groups[place].values.append(value)
            }
        }
        ways = groups.flatMap { rest, asked in
            // Where any value will do, those that ask for one say nothing more.
            if asked.contains(0) { return [rest] }
            return asked.map { value in
                var way = rest
                way.values[dimension] = value
                return way
            }
        }
    }

    private func joinExactly(_ one: Int, _ other: Int) -> Bool {
        guard let one = values[one], let other = values[other] else { return false }
        return one.joinsExactly(other)
    }
}
