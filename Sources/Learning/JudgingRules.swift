/// The rules that processes were judged by: each has a number that the node's state hands on from process to process
/// (`NodeState.judge`), so that nobody escapes by another parent.
struct JudgingRules {
    private var names: [String] = []
    private var numbers: [String: UInt32] = [:]
    /// Rules come and go with reloads; of more than so many the last stands for all others.
    private static let limit = 4096

    /// The number of a rule, not 0.
    mutating func number(of rule: String) -> UInt32 {
        if let number = numbers[rule] { return number }
        guard names.count < Self.limit else { return UInt32(Self.limit) }
        names.append(rule)
        let number = UInt32(truncatingIfNeeded: names.count)
        numbers[rule] = number
        return number
    }

    /// The rule of a number; nil for 0.
    func name(of number: UInt32) -> String? { number > 0 && Int(number) <= names.count ? names[Int(number) - 1] : nil }
}
