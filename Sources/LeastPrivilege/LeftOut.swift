import CommandOutput

/// What a document leaves out, since its format can't hold it: said to whoever asked for the document. What is left out of a list of
/// what is allowed is not allowed.
struct LeftOut {
    private var names: Set<String> = []
    private let reason: String
    private static let mostNames = 5

    /// `reason` ends the sentence `3 names are left out: …`.
    init(_ reason: String) { self.reason = reason }

    mutating func note(_ name: String) { names.insert(name.printable) }

    /// A sentence for it; none when nothing is left out.
    var remarks: [String] {
        guard !names.isEmpty else { return [] }
        let shown = names.sorted().prefix(Self.mostNames).joined(separator: ", ")
        let more = names.count > Self.mostNames ? " and \(names.count - Self.mostNames) more" : ""
        return ["\(names.count) \(names.count == 1 ? "is" : "are") left out, as \(reason): \(shown)\(more)"]
    }
}
