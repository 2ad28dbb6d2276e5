import CommandOutput
import EventModel
import EventSources
import ForwarderProtocol
import Outputs

/// The JSON Schema (draft 2020-12) of the configuration, made from the table of keys: for editors, and for checks where
/// there is no Shrike.
public enum ConfigurationSchema {
    typealias Member = ValueTree.Member

    /// The schema.
    public static var tree: ValueTree {
        var properties = ValueTree.map([])
        let defaults = Configuration().listing
        for key in ConfigurationKey.all {
            let path = key.path.split(separator: ".")
            var node = Node(type(of: key.effect))
            if case .ignored(let reason) = key.effect {
                node = Node([Member("description", .text("No effect: \(reason)."))])
            } else if let meaning = ConfigurationKey.meanings[key.path] {
                node.members.insert(Member("description", .text(meaning)), at: 0)
            }
            if let value = path.reduce(ValueTree?.some(defaults), { $0?[String($1)] }), isWorthADefault(key.effect) {
                node.members.append(Member("default", value))
            }
            properties.insert(node.tree, at: slots(path))
        }
        return .map(
            [
                Member("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
                Member("title", .text("Configuration of Shrike")),
            ] + closed(properties).members + [Member("$defs", definitions)])
    }

    private struct Node {
        var members: [Member]
        init(_ members: [Member]) { self.members = members }
        var tree: ValueTree { .map(members) }
    }

    /// Where a key's schema stands: a section's keys are in its `properties`.
    private static func slots(_ path: [Substring]) -> ArraySlice<Substring> {
        var slots: [Substring] = []
        for name in path { slots += slots.isEmpty ? [name] : ["properties", name] }
        return slots[...]
    }

    /// Makes sections objects that take no other keys: a misspelt key shows.
    private static func closed(_ properties: ValueTree) -> Node {
        guard case .map(let members) = properties else { return Node([]) }
        let inner = members.map { member in
            guard let section = member.value["properties"], member.value["type"] == nil else { return member }
            return Member(member.key, closed(section).tree)
        }
        return Node([
            Member("type", .texts(["object", "null"])), Member("properties", .map(inner)),
            Member("additionalProperties", .bool(false)),
        ])
    }

    private static func isWorthADefault(_ effect: ConfigurationKey.Effect) -> Bool {
        switch effect {
        case .ruleSelections, .outputAdditions, .staticFields, .networkOutputs, .repeatOverrides, .rateLimitOverrides:
            false
        default: true
        }
    }

    // MARK: Types

    private static func type(of effect: ConfigurationKey.Effect) -> [Member] {
        switch effect {
        case .bool, .optionalBool: reference("boolean")
        case .text: reference("text")
        case .integer(_, let range), .optionalInteger(_, let range): integer(range)
        case .duration, .milliseconds: reference("duration")
        case .priority: reference("priority")
        case .ruleMatching: choice(RuleMatching.allCases.map(\.rawValue))
        case .hidingRules: choice(HidingRules.allCases.map(\.rawValue))
        case .noveltySetting: choice(NoveltySetting.allCases.map(\.rawValue))
        case .rulesFiles: reference("texts")
        case .ruleSelections: list(of: selection)
        case .outputAdditions: list(of: addition)
        case .staticFields: map(of: reference("text"))
        case .sources:
            [Member("anyOf", .list([.map(sourceName), .map(list(of: sourceName))]))]
        case .syslogForm: choice(SyslogForm.allCases.map(\.rawValue))
        case .networkOutputs: list(of: networkOutput)
        case .texts: reference("texts")
        case .repeatOverrides: list(of: object(repeatOverrideProperties))
        case .rateLimitOverrides: list(of: object(rateLimitOverrideProperties))
        case .includedFiles: list(of: inclusion)
        case .ignored: []
        }
    }

    private static func reference(_ name: String) -> [Member] { [Member("$ref", .text("#/$defs/\(name)"))] }
    private static func choice(_ names: [String]) -> [Member] { [Member("enum", .texts(names))] }

    private static func integer(_ range: ClosedRange<Int>) -> [Member] {
        [
            Member("type", .texts(["integer", "string", "null"])), Member("minimum", .integer(range.lowerBound)),
            Member("maximum", .integer(range.upperBound)), Member("pattern", .text(#"^(\d+|.*\$\{.*\}.*)$"#)),
        ]
    }

    private static func list(of element: [Member]) -> [Member] {
        [Member("type", .texts(["array", "null"])), Member("items", .map(element))]
    }

    private static func map(of element: [Member]) -> [Member] {
        [Member("type", .texts(["object", "null"])), Member("additionalProperties", .map(element))]
    }

    private static func object(_ properties: [(String, [Member])], required: [String] = []) -> [Member] {
        var members = [
            Member("type", .text("object")),
            Member("properties", .map(properties.map { Member($0.0, .map($0.1)) })),
        ]
        if !required.isEmpty { members.append(Member("required", .texts(required))) }
        return members + [Member("additionalProperties", .bool(false))]
    }

    /// Types that many keys have. Each scalar may hold variables of the environment, and is a string then.
    private static var definitions: ValueTree {
        .map([
            Member(
                "boolean",
                .map([
                    Member("type", .texts(["boolean", "string", "null"])),
                    Member(
                        "pattern",
                        .text(
                            #"^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy]([Ee][Ss])?|[Nn][Oo]?|[Oo][Nn]|[Oo][Ff][Ff]|"#
                                + #".*\$\{.*\}.*)$"#)),
                ])),
            Member("text", .map([Member("type", .texts(["string", "number", "boolean", "null"]))])),
            Member(
                "texts",
                .map([
                    Member(
                        "anyOf", .list([.map(reference("text")), .map(list(of: reference("text")))]))
                ])),
            Member(
                "duration",
                .map([
                    Member("type", .texts(["integer", "string", "null"])),
                    Member("pattern", .text(#"^((\d+(ms|[smhdwy]))+|\d+|.*\$\{.*\}.*)$"#)),
                ])),
            Member(
                "priority",
                .map([
                    Member("type", .text("string")),
                    Member(
                        "pattern",
                        .text(
                            "^(?:"
                                + (Priority.allCases.map(\.displayName) + ["Info"]).map(anyCase).joined(separator: "|")
                                + #"|.*\$\{.*\}.*)$"#)),
                ])),
        ])
    }

    /// A pattern for a word in any capitalisation; JSON Schema's patterns have no flag for that.
    private static func anyCase(_ word: String) -> String {
        word.map { "[\($0.uppercased())\($0.lowercased())]" }.joined()
    }

    private static var selection: [Member] {
        let criteria = object([("rule", reference("text")), ("tag", reference("text"))])
        return object([("enable", criteria), ("disable", criteria)])
            + [Member("minProperties", .integer(1)), Member("maxProperties", .integer(1))]
    }

    private static var addition: [Member] {
        let match = object([
            ("source", reference("text")), ("rule", reference("text")), ("tags", reference("texts")),
        ])
        let field = [
            Member("anyOf", .list([.map([Member("type", .text("string"))]), .map(map(of: reference("text")))]))
        ]
        return object([
            ("match", match), ("extra_output", reference("text")), ("extra_fields", list(of: field)),
            ("suggested_output", reference("boolean")),
        ])
    }

    private static var inclusion: [Member] {
        let mapping = object(
            [("path", reference("text")), ("strategy", choice(["append", "override", "add-only"]))], required: ["path"])
        return [Member("anyOf", .list([.map([Member("type", .text("string"))]), .map(mapping)]))]
    }

    private static var sourceName: [Member] {
        choice(["auto", "ebpf", "audit", "proc", "connector", "scan", "fanotify", "audit-log"])
    }

    private static var alertSelectionProperties: [(String, [Member])] {
        [("rules", reference("texts")), ("tags", reference("texts")), ("priority", reference("priority"))]
    }

    /// The keys of an entry of `shrike.repeats.overrides`.
    static var repeatOverrideProperties: [(String, [Member])] {
        alertSelectionProperties + [("window", reference("duration")), ("fields", reference("texts"))]
    }

    /// The keys of an entry of `shrike.rate_limit.overrides`.
    static var rateLimitOverrideProperties: [(String, [Member])] {
        alertSelectionProperties + [
            ("per_rule", integer(0...1_000_000)), ("interval", reference("duration")),
            ("burst", integer(0...1_000_000)),
        ]
    }

    /// The keys of an entry of `shrike.outputs`.
    static var networkOutputProperties: [(String, [Member])] {
        let text = reference("text")
        let time = integer(10...600_000)
        return [
            ("name", text),
            (
                "url",
                [
                    Member("type", .text("string")),
                    Member("pattern", .text(#"^([Hh][Tt][Tt][Pp][Ss]?://|syslog\+(udp|tcp|tls)://|.*\$\{)"#)),
                ]
            ),
            ("shape", choice(PayloadShape.allCases.map(\.rawValue))), ("template", text), ("content_type", text),
            ("priority", reference("priority")), ("rules", reference("texts")), ("tags", reference("texts")),
            ("headers", map(of: text)), ("user_agent", text), ("bearer_token_file", text), ("bearer_token_env", text),
            ("batch_size", integer(1...1000)), ("connect_timeout_ms", time), ("timeout_ms", time),
            ("compress", reference("boolean")), ("keep_alive", reference("boolean")),
            (
                "http_version",
                [Member("type", .texts(["string", "number"])), Member("pattern", .text(#"^(auto|1\.1|.*\$\{.*)$"#))]
            ),
            ("facility", choice(SyslogFacility.allCases.map(\.rawValue))), ("format", choice(["json", "text"])),
            ("max_message_bytes", integer(480...1 << 20)), ("enterprise_number", integer(1...Int(Int32.max))),
            (
                "tls",
                object([
                    ("verify", reference("boolean")), ("ca_file", text), ("ca_path", text), ("client_cert", text),
                    ("client_key", text),
                ])
            ),
        ]
    }

    private static var networkOutput: [Member] { object(networkOutputProperties, required: ["name", "url"]) }
}
