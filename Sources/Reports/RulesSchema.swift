public import CommandOutput
import EventModel
import RuleLanguage

/// The JSON Schema (draft 2020-12) of rules files: for editors.
enum RulesSchema {
    typealias Member = ValueTree.Member

    /// The schema.
    static var tree: ValueTree {
        .map([
            Member("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            Member("title", .text("Rules of Shrike and Falco")),
            Member("type", .texts(["array", "null"])),
            Member(
                "items",
                .map([
                    Member("type", .texts(["object"])),
                    Member(
                        "oneOf",
                        .list([rule, correlation, macro, list, engineVersion, pluginVersions])),
                ])),
            Member("$defs", definitions),
        ])
    }

    // MARK: - Items

    /// A rule: whole, or a change of an earlier one.
    private static var rule: ValueTree {
        item(
            "rule", "The name of the rule.", beside: ruleMembers + change(of: RuleKey.keys(of: .rule).map(\.rawValue)),
            needs: [["condition", "output", "desc", "priority"], ["override"], ["append"], ["enabled"]])
    }

    private static var correlation: ValueTree {
        let events = described(
            "The events that are joined, each with a name and a condition as a rule's.",
            [
                Member("type", .text("array")), Member("minItems", .integer(1)), Member("maxItems", .integer(16)),
                Member(
                    "items",
                    object(
                        [Member("name", reference("text")), Member("condition", reference("text"))],
                        required: ["name", "condition"])),
            ])
        let condition = described(
            "What joins the events: count(NAME) >= 4 in 60s by proc.tree; a then b in 2m by FIELD; first(a, FIELD) in 1h.",
            [Member("type", .text("string"))])
        let members =
            ruleMembers.filter { $0.key != "condition" } + [Member("events", events), Member("condition", condition)]
        return item(
            "correlation", "The name of the correlation. A Falco engine skips it with a warning.",
            beside: members + change(of: RuleKey.keys(of: .correlation).map(\.rawValue)),
            needs: [["events", "condition", "output", "desc", "priority"], ["override"], ["enabled"]])
    }

    private static var macro: ValueTree {
        item(
            "macro", "The name of the macro.",
            beside: [Member("condition", reference("text"))] + change(of: ["condition"]),
            needs: [["condition"]])
    }

    private static var list: ValueTree {
        let items = described(
            "The values; names of earlier lists stand for their values.",
            [Member("type", .text("array")), Member("items", reference("text"))])
        return item(
            "list", "The name of the list.", beside: [Member("items", items)] + change(of: ["items"]),
            needs: [["items"]])
    }

    private static var engineVersion: ValueTree {
        object([Member("required_engine_version", reference("text"))], required: ["required_engine_version"])
    }

    private static var pluginVersions: ValueTree {
        let plugin = [Member("name", reference("text")), Member("version", reference("text"))]
        let alternatives = ValueTree.map([
            Member("type", .text("array")), Member("items", object(plugin, required: ["name", "version"])),
        ])
        let list = ValueTree.map([
            Member("type", .text("array")),
            Member(
                "items", object(plugin + [Member("alternatives", alternatives)], required: ["name", "version"])),
        ])
        return object([Member("required_plugin_versions", list)], required: ["required_plugin_versions"])
    }

    // MARK: - Keys

    private static let meanings: [String: String] = [
        "condition": "What an event must be like.",
        "output": "The alert's text; %FIELD stands for the field's value.",
        "desc": "What the rule finds and why it matters.",
        "enabled": "Whether the rule is used; true by default.",
        "warn_evttypes": "Whether a condition that asks for no event types is warned of; true by default.",
        "skip-if-unknown-filter": "Whether a rule that names an unknown field is left out instead of being an error.",
        "capture": "Falco's capture files; without effect in Shrike.",
        "capture_duration": "Milliseconds; without effect in Shrike.",
        "tags": "Words to select rules by; T1059.004 names a technique of ATT&CK.",
    ]

    /// The keys of a whole rule.
    private static var ruleMembers: [Member] {
        let keys = RuleKey.allCases.map { key -> Member in
            let type: ValueTree =
                switch key.rawValue {
                case "priority": reference("priority")
                case "exceptions": .map([Member("type", .text("array")), Member("items", reference("exception"))])
                case "tags": reference("texts")
                case "enabled", "warn_evttypes", "skip-if-unknown-filter", "capture": reference("boolean")
                case "capture_duration": .map([Member("type", .text("integer")), Member("minimum", .integer(0))])
                default: reference("text")
                }
            guard let meaning = meanings[key.rawValue], case .map(let members) = type else {
                return Member(key.rawValue, type)
            }
            return Member(key.rawValue, described(meaning, members))
        }
        return keys + [
            Member("source", described("The event source; syscall by default.", [Member("type", .text("string"))]))
        ]
    }

    /// `append` and `override`.
    private static func change(of keys: [String]) -> [Member] {
        let operations = ValueTree.map([Member("enum", .texts(OverrideOperation.allCases.map(\.rawValue)))])
        return [
            Member(
                "append",
                described("Deprecated; override says what is appended.", [Member("$ref", .text("#/$defs/boolean"))])),
            Member("override", object(keys.map { Member($0, operations) }, required: [])),
        ]
    }

    private static var definitions: ValueTree {
        let texts = ValueTree.map([Member("type", .text("array")), Member("items", reference("text"))])
        let names = Priority.allCases.map(\.displayName)
        let priorities = names.flatMap { [$0.uppercased(), $0, $0.lowercased()] } + ["INFO", "Info", "info"]
        return .map([
            // YAML reads what looks like a number or a truth value as one, also where text is meant.
            Member("text", .map([Member("type", .texts(["string", "number", "boolean"]))])),
            Member("texts", texts),
            // Falco takes words that YAML 1.2 reads as text.
            Member(
                "boolean",
                .map([
                    Member(
                        "anyOf",
                        .list([
                            .map([Member("type", .text("boolean"))]),
                            .map([Member("enum", .texts(["yes", "no", "on", "off", "true", "false"]))]),
                        ]))
                ])),
            Member("priority", .map([Member("enum", .texts(priorities))])),
            Member(
                "exception",
                object(
                    [
                        Member("name", reference("text")),
                        Member("fields", described("A field, or a list of fields.", oneOrMore)),
                        Member("comps", described("How each field is compared: in, =, startswith …", oneOrMore)),
                        Member(
                            "values",
                            described(
                                "Values of the field; for a list of fields lists of as many values.",
                                [Member("type", .texts(["array", "null"]))])),
                    ], required: ["name"])),
        ])
    }

    private static var oneOrMore: [Member] {
        [Member("anyOf", .list([reference("text"), reference("texts")]))]
    }

    // MARK: - Parts of schemas

    /// An item that is known by a key. `needs`: the keys of which all of one list must be there.
    private static func item(
        _ key: String, _ meaning: String, beside members: [Member], needs: [[String]]
    ) -> ValueTree {
        let name = Member(key, described(meaning, [Member("type", .texts(["string", "number"]))]))
        guard case .map(var parts) = object([name] + members, required: [key]) else { return .null }
        parts.append(Member("anyOf", .list(needs.map { .map([Member("required", .texts($0))]) })))
        return .map(parts)
    }

    private static func object(_ members: [Member], required: [String]) -> ValueTree {
        .map([
            Member("type", .text("object")), Member("properties", .map(members)), Member("required", .texts(required)),
            Member("additionalProperties", .bool(false)),
        ])
    }

    private static func reference(_ name: String) -> ValueTree { .map([Member("$ref", .text("#/$defs/\(name)"))]) }

    private static func described(_ meaning: String, _ members: [Member]) -> ValueTree {
        .map([Member("description", .text(meaning))] + members)
    }
}

extension RulesReport {
    /// The JSON Schema of rules files.
    public static func schema() -> Report { Report(bytes: Array(RulesSchema.tree.json.utf8)) }
}
