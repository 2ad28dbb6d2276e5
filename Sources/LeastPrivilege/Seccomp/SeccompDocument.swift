import CommandOutput
import JSONTree

/// A profile as its file has it: what is changed in it is changed in the text, so that all else stays as it was written, conditions that
/// only the engine understands among it.
public struct SeccompDocument: Sendable {
    /// The file.
    public let bytes: [UInt8]
    /// What it says.
    public let profile: SeccompProfile
    private let root: JSONValue

    /// Reads a file.
    public init(json bytes: [UInt8]) throws(SeccompProfile.ReadError) {
        self.bytes = bytes
        do { root = try JSONDocument(bytes).root } catch { throw .notJSON(error) }
        profile = try SeccompProfile(root)
    }

    /// The file with these calls allowed, each with a comment; they must be in no rule but such as log them whatever their arguments.
    /// Nil when the file has no list of rules.
    func allowing(_ calls: [(name: String, comment: String)]) -> [UInt8]? {
        guard let list = root["syscalls"], list.kind == .array else { return nil }
        var edits: [Edit] = []
        let changed = changeLogged(calls, in: list, &edits)
        insert(
            calls.filter { !changed.contains($0.name) }.map {
                .init(names: [$0.name], action: .allow, comment: $0.comment)
            }, into: list, &edits)
        var text = bytes
        for edit in edits.sorted(by: { $0.place.lowerBound > $1.place.lowerBound }) {
            text.replaceSubrange(edit.place, with: edit.text.utf8)
        }
        return text
    }

    private struct Edit {
        var place: Range<Int>
        var text: String
    }

    /// Lets rules that only log calls allow them; of a rule that logs others, too, takes the names out.
    ///
    /// - Returns: the calls for which no rule need be added.
    private func changeLogged(
        _ calls: [(name: String, comment: String)], in list: JSONValue, _ edits: inout [Edit]
    ) -> Set<String> {
        var done: Set<String> = []
        for (value, rule) in zip(list.elements, profile.rules) where rule.action == .log && !rule.isConditional {
            let meant = calls.filter { rule.names.contains($0.name) }
            guard !meant.isEmpty else { continue }
            let rest = rule.names.filter { name in !meant.contains { $0.name == name } }
            if let names = value["names"], !rest.isEmpty {
                let texts = rest.map { ValueTree.text($0).json.dropLast() }.joined(separator: ", ")
                edits.append(Edit(place: Self.place(names), text: "[\(texts)]"))
                continue
            }
            done.formUnion(meant.map(\.name))
            if let action = value["action"] {
                edits.append(Edit(place: Self.place(action), text: SeccompProfile.Action.allow.rawValue))
            }
            if let comment = value["comment"], comment.kind == .string {
                let text = ValueTree.text(meant.map(\.comment).joined(separator: "; ")).json
                edits.append(Edit(place: Self.place(comment), text: String(text.dropFirst().dropLast(2))))
            }
        }
        return done
    }

    /// Puts rules before the first one with a later name, else behind the last.
    private func insert(
        _ rules: [SeccompProfile.Rule], into list: JSONValue, _ edits: inout [Edit]
    ) {
        guard !rules.isEmpty else { return }
        let elements = list.elements.map(Self.place)
        let space = elements.first.map { indent(before: $0.lowerBound) } ?? "\n    "
        func text(_ rule: SeccompProfile.Rule) -> String {
            let lines = SeccompProfile.tree(rule).json.split(separator: "\n")
            return space.hasPrefix("\n")
                ? lines.joined(separator: space) : lines.map { $0.drop { $0 == " " } }.joined(separator: " ")
        }
        guard let last = elements.last else {
            let place = Self.place(list)
            edits.append(
                Edit(place: place, text: "[" + rules.map { space + text($0) }.joined(separator: ",") + "\n  ]"))
            return
        }
        var behind: [String] = []
        var before: [Int: [String]] = [:]
        for rule in rules {
            let name = rule.names.first ?? ""
            if let index = profile.rules.firstIndex(where: { ($0.names.first ?? "") > name }), isSorted {
                before[index, default: []].append(text(rule))
            } else {
                behind.append(text(rule))
            }
        }
        for (index, texts) in before {
            let place = elements[index].lowerBound
            edits.append(Edit(place: place..<place, text: texts.map { $0 + "," + space }.joined()))
        }
        if !behind.isEmpty {
            edits.append(
                Edit(place: last.upperBound..<last.upperBound, text: behind.map { "," + space + $0 }.joined()))
        }
    }

    /// Whether the rules are in the order of their first names, as Shrike writes them.
    private var isSorted: Bool {
        zip(profile.rules, profile.rules.dropFirst()).allSatisfy { ($0.names.first ?? "") <= ($1.names.first ?? "") }
    }

    /// The white space before a place, with the line's end if it is the first of its line.
    private func indent(before place: Int) -> String {
        let blanks = bytes[..<place].suffix(while: { $0 == 0x20 || $0 == 0x09 })
        let isFirst = blanks.startIndex > 0 && bytes[blanks.startIndex - 1] == 0x0a
        return isFirst ? "\n" + String(decoding: blanks, as: UTF8.self) : " "
    }

    /// Where a value stands; of texts without the quotes.
    private static func place(_ value: JSONValue) -> Range<Int> {
        value.rawText.startIndex..<value.rawText.endIndex
    }
}

extension BidirectionalCollection {
    /// The longest end whose elements all satisfy a condition.
    fileprivate func suffix(while condition: (Element) -> Bool) -> SubSequence {
        var start = endIndex
        while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
