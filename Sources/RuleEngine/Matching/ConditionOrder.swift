import EventModel

/// The order in which the parts of a condition are asked: the cheap and the decisive first. Parts have no effects, and a
/// missing value makes its own comparison false and nothing else, so every order gives the same answer.
struct ConditionOrder {
    /// What asking takes, and how often the answer is yes; estimates.
    private struct Estimate {
        var cost: Double
        var likelihood: Double
    }

    private let graph: ConditionGraph
    private let catalogue: FieldCatalogue
    private var estimates: [Estimate] = []

    init(graph: ConditionGraph, catalogue: FieldCatalogue) {
        self.graph = graph
        self.catalogue = catalogue
        estimates.reserveCapacity(graph.nodes.count)
        // A node comes after those that it is made of.
        for node in graph.nodes.indices { estimates.append(estimate(node)) }
    }

    /// The operands of an `and` or `or` in the order to ask them; equally good ones as written.
    func operands(of node: Int) -> [Int] { sorted(graph.nodes[node]) }

    // MARK: - Estimates

    private func sorted(_ node: ConditionNode) -> [Int] {
        let isConjunction: Bool
        switch node {
        case .and: isConjunction = true
        case .or: isConjunction = false
        default: return node.operands
        }
        // What costs little for how often it ends the asking comes first.
        func rank(_ operand: Int) -> Double {
            let estimate = estimates[operand]
            let ends = isConjunction ? 1 - estimate.likelihood : estimate.likelihood
            return estimate.cost / max(ends, 0.01)
        }
        let ranks = node.operands.map(rank)
        return node.operands.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { node.operands[$0] }
    }

    private func estimate(_ node: Int) -> Estimate {
        switch graph.nodes[node] {
        case .constant(let value): return Estimate(cost: 0, likelihood: value ? 1 : 0)
        case .test(let test): return estimate(graph.tests[test])
        case .not(let operand):
            return Estimate(cost: estimates[operand].cost, likelihood: 1 - estimates[operand].likelihood)
        case .exactlyOne(let operands):
            return Estimate(cost: operands.reduce(0) { $0 + estimates[$1].cost }, likelihood: 0.3)
        case .and, .or:
            let isConjunction = if case .and = graph.nodes[node] { true } else { false }
            var cost = 0.0
            var reached = 1.0
            for operand in sorted(graph.nodes[node]) {
                cost += reached * estimates[operand].cost
                reached *= isConjunction ? estimates[operand].likelihood : 1 - estimates[operand].likelihood
            }
            return Estimate(cost: cost, likelihood: isConjunction ? reached : 1 - reached)
        }
    }

    private func estimate(_ test: Test) -> Estimate {
        let field = test.references.map { Self.cost(catalogue[$0.field].cost) }.max() ?? 1
        let likelihood = Self.likelihood(of: test.operation)
        return Estimate(
            cost: field + Self.cost(of: test.operation), likelihood: test.isNegated ? 1 - likelihood : likelihood
        )
    }

    /// In units of a look at a number that the event brings.
    private static func cost(_ field: FieldCost) -> Double {
        switch field {
        case .free: 1
        case .cheap: 4
        case .lookup: 200
        case .expensive: 2000
        }
    }

    private static func cost(of operation: Operation) -> Double {
        switch operation {
        case .exists, .never, .numberIn, .numberOrder, .nativeOrder, .doubleIn, .doubleOrder: 0
        case .textIn, .prefix, .suffix: 1
        case .addressIn, .networkContains, .textOrder, .field: 2
        case .contains, .containsIgnoringCase: 3
        case .glob, .pathPrefix: 6
        case .regex: 12
        case .modified(_, let operations): operations.reduce(0) { $0 + cost(of: $1) + 1 }
        }
    }

    private static func likelihood(of operation: Operation) -> Double {
        switch operation {
        case .exists: 0.9
        case .never: 0
        case .textIn(let texts): min(0.5, 0.03 + 0.01 * Double(texts.count))
        case .numberIn: 0.3
        case .numberOrder, .nativeOrder, .doubleOrder, .textOrder: 0.5
        case .doubleIn, .addressIn, .networkContains: 0.1
        case .prefix, .suffix, .pathPrefix: 0.1
        case .contains, .containsIgnoringCase, .glob, .regex, .field: 0.1
        case .modified: 0.2
        }
    }
}
