import CommandOutput
import JSONTree

extension SeccompProfile {
    /// Why a file is no seccomp profile.
    public enum ReadError: Error, Equatable, Sendable, CustomStringConvertible {
        /// It is no JSON.
        case notJSON(JSONError)
        /// Something in it is not as the specification has it: where, and what was expected.
        case malformed(String)

        /// What is wrong, and what was expected.
        public var description: String {
            switch self {
            case .notJSON(let error): "not JSON: \(error); expected a seccomp profile of an OCI runtime"
            case .malformed(let text): text
            }
        }
    }

    /// The profile as a file, two blanks a level, each rule a block: what is reviewed line by line.
    public var json: String {
        var members: [ValueTree.Member] = [.init("defaultAction", .text(defaultAction.rawValue))]
        if let defaultErrno { members.append(.init("defaultErrnoRet", .integer(Int(defaultErrno)))) }
        members.append(.init("architectures", .texts(architectures)))
        if !flags.isEmpty { members.append(.init("flags", .texts(flags))) }
        members.append(.init("syscalls", .list(rules.map(Self.tree))))
        return ValueTree.map(members).json
    }

    static func tree(_ rule: Rule) -> ValueTree {
        var members: [ValueTree.Member] = [
            .init("names", .texts(rule.names)), .init("action", .text(rule.action.rawValue)),
        ]
        if let errno = rule.errno { members.append(.init("errnoRet", .integer(Int(errno)))) }
        if !rule.arguments.isEmpty {
            members.append(
                .init(
                    "args",
                    .list(
                        rule.arguments.map { argument in
                            .map([
                                .init("index", .integer(Int(argument.index))),
                                .init("value", .unsigned(argument.value)),
                                .init("valueTwo", .unsigned(argument.second)),
                                .init("op", .text(argument.comparison.rawValue)),
                            ])
                        })))
        }
        if !rule.comment.isEmpty { members.append(.init("comment", .text(rule.comment))) }
        return .map(members)
    }

    /// Reads a profile that a runtime would take; of keys that are not in the specification the names are kept
    /// (`Rule.engineConditions`).
    public init(json bytes: [UInt8]) throws(ReadError) { self = try SeccompDocument(json: bytes).profile }

    /// Reads a profile of a parsed file.
    init(_ root: JSONValue) throws(ReadError) {
        guard let action = Self.word(root["defaultAction"]).flatMap(Action.init(rawValue:)) else {
            throw .malformed("defaultAction is missing or unknown; expected one of SCMP_ACT_…")
        }
        var rules: [Rule] = []
        for (index, value) in (root["syscalls"]?.elements ?? []).enumerated() {
            rules.append(try Self.rule(value, "syscalls[\(index)]"))
        }
        self.init(
            defaultAction: action, defaultErrno: try Self.errno(root["defaultErrnoRet"], "defaultErrnoRet"),
            architectures: try Self.words(root["architectures"], "architectures"),
            flags: try Self.words(root["flags"], "flags"), rules: rules)
    }

    private static func word(_ value: JSONValue?) -> String? {
        value?.string.map { String(decoding: $0, as: UTF8.self) }
    }

    private static func words(_ value: JSONValue?, _ place: String) throws(ReadError) -> [String] {
        var words: [String] = []
        for element in value?.elements ?? [] {
            guard let word = word(element) else { throw .malformed("\(place) has something else than texts") }
            words.append(word)
        }
        return words
    }

    private static func errno(_ value: JSONValue?, _ place: String) throws(ReadError) -> UInt32? {
        guard let value, value.kind != .null else { return nil }
        guard let number = value.integer.flatMap({ UInt32(exactly: $0) }), number <= 4095 else {
            throw .malformed("\(place) is no errno; expected a number from 0 to 4095")
        }
        return number
    }

    private static func rule(_ value: JSONValue, _ place: String) throws(ReadError) -> Rule {
        guard let action = word(value["action"]).flatMap(Action.init(rawValue:)) else {
            throw .malformed("\(place).action is missing or unknown; expected one of SCMP_ACT_…")
        }
        let names = try words(value["names"], "\(place).names")
        guard !names.isEmpty else { throw .malformed("\(place).names is empty; expected names of system calls") }
        var rule = Rule(names: names, action: action, comment: word(value["comment"]) ?? "")
        rule.errno = try errno(value["errnoRet"], "\(place).errnoRet")
        for argument in value["args"]?.elements ?? [] { rule.arguments.append(try Self.argument(argument, place)) }
        let known: Set<String> = ["names", "action", "errnoRet", "args", "comment"]
        for member in value.members where member.value.kind != .null {
            let key = String(decoding: member.name, as: UTF8.self)
            // Docker writes empty conditions out.
            let isEmpty = member.value.kind == .object && member.value.members.isEmpty
            if !known.contains(key), !isEmpty { rule.engineConditions.append(key) }
        }
        return rule
    }

    private static func argument(_ value: JSONValue, _ place: String) throws(ReadError) -> Argument {
        guard let index = value["index"]?.integer, (0..<6).contains(index),
            let comparison = word(value["op"]).flatMap(Argument.Comparison.init(rawValue:))
        else { throw .malformed("\(place).args: expected an index from 0 to 5 and an op SCMP_CMP_…") }
        func number(_ value: JSONValue?) throws(ReadError) -> UInt64 {
            guard let value, value.kind != .null else { return 0 }
            guard value.kind == .number, let number = UInt64(String(decoding: value.rawText, as: UTF8.self)) else {
                throw .malformed("\(place).args: expected a whole number as value and valueTwo")
            }
            return number
        }
        return Argument(
            index: UInt32(index), value: try number(value["value"]), second: try number(value["valueTwo"]),
            comparison: comparison)
    }
}
