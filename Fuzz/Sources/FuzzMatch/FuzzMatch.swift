import EventModel
import RuleEngine
import RuleLanguage

/// Fields of each kind of value that bytes can be.
private let catalogue = FieldCatalogue(
    ["a.text", "b.text", "c.text"].map { FieldDescription(name: $0, type: .string, meaning: "") }
        + [
            FieldDescription(name: "d.bytes", type: .bytes, meaning: ""),
            FieldDescription(name: "e.number", type: .u64, meaning: ""),
            FieldDescription(name: "f.list", type: .string, flags: .list, meaning: ""),
            FieldDescription(name: "g.any", type: .string, flags: .anyElement, meaning: ""),
        ]
)
private let compiler = RuleCompiler(catalogue: catalogue)

/// An event whose fields are pieces of the input; an empty piece is a missing value.
private struct Event: FieldReader {
    let pieces: [ArraySlice<UInt8>]

    func read(_ reference: FieldReference, into arena: inout ValueArena) -> FieldValue {
        let index = Int(reference.field.index)
        guard index < pieces.count, !pieces[index].isEmpty else { return .null }
        let piece = Array(pieces[index])
        switch index {
        case 3:
            let start = arena.mark
            arena.append(piece)
            return arena.buffer(from: start)
        case 4: return .unsigned(piece.reduce(0) { $0 &* 31 &+ UInt64($1) })
        case 5, 6:
            let elements = piece.split(separator: UInt8(ascii: " ")).map { arena.string(Array($0)) }
            return arena.list(elements)
        default: return arena.string(piece)
        }
    }
}

/// An evaluator that has seen other events answers as one that has not. The input is conditions, a line each, a line with
/// nothing on it, and events, a line each with their values between tabs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMatch(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let newline = UInt8(ascii: "\n")
    let lines = UnsafeBufferPointer(start: data, count: count).split(separator: newline, omittingEmptySubsequences: false)
    let conditions = lines.prefix { !$0.isEmpty }.prefix(16)
    let rules = conditions.compactMap { line -> CompiledRule? in
        let text = String(decoding: line, as: UTF8.self)
        guard let condition = try? ConditionParser.parse(text) else { return nil }
        return compiler.compile(
            ResolvedRule(
                name: text, priority: "INFO", condition: condition, conditionText: text, outputText: "",
                location: SourceLocation(file: "-", line: 1, column: 1)
            )
        ).rule
    }
    let set = RuleSet(rules, catalogue: catalogue)
    var reused = Evaluator(set, mode: .all)
    for line in lines.dropFirst(conditions.count + 1).prefix(32) {
        let event = Event(pieces: Array(line).split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false))
        var fresh = Evaluator(set, mode: .all)
        reused.evaluate(EventType(index: 0), reader: event)
        fresh.evaluate(EventType(index: 0), reader: event)
        precondition(reused.matches == fresh.matches, "the answer depends on the events before")
    }
    return 0
}
