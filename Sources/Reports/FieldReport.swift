import CommandOutput
import EventFields
import EventModel
import JSONTree
import Outputs
import RuleLanguage

/// The event sources that rules may name.
public enum EventSourceNames {
    /// Their names, `syscall` first.
    public static let all: [String] = {
        var names = ["syscall"]
        for name in EventFields.classes.compactMap(\.eventSource) where !names.contains(name) { names.append(name) }
        return names
    }()
}

/// The field catalogue: `shrike fields` and `--list`.
public enum FieldReport {
    /// Lists the fields.
    ///
    /// - Parameters:
    ///   - source: only fields that events of this source have.
    ///   - filter: only fields whose name contains this.
    ///   - namesOnly: one name on each line and nothing else (text and JSON).
    public static func make(
        form: ListForm, source: String? = nil, filter: String? = nil, namesOnly: Bool = false
    ) -> Report {
        let groups = EventFields.classes.map { group in
            Group(
                group: group,
                fields: group.fields.filter { field in
                    (source == nil || group.eventSource == nil || group.eventSource == source)
                        && (filter.map { field.name.contains($0) } ?? true)
                })
        }.filter { !$0.fields.isEmpty }
        guard !groups.isEmpty else {
            // The part before the dot is a name, too.
            let classes = Set(EventFields.catalogue.fields.map { String($0.name.prefix { $0 != "." }) }).sorted()
            let names = EventFields.catalogue.fields.map(\.name) + classes
            let nearest = filter.flatMap { Suggestion.question(for: $0, in: names) }.map { "; \($0)" } ?? ""
            return .failure("no field's name contains '\(filter ?? "")'\(nearest)", isJSON: form == .json)
        }
        switch form {
        case .json: return json(groups, namesOnly: namesOnly)
        case .text where namesOnly, .markdown where namesOnly:
            return Report(lines: groups.flatMap { $0.fields.map(\.name) })
        case .text: return text(groups)
        case .markdown: return markdown(groups)
        }
    }

    private struct Group {
        var group: FieldClass
        var fields: [FieldDescription]
    }

    private static func text(_ groups: [Group]) -> Report {
        var lines: [String] = []
        for group in groups {
            if !lines.isEmpty { lines.append("") }
            lines += Columns.wrapped(
                "\(group.group.name): ", "\(group.group.meaning) (event source: \(group.group.eventSource ?? "any"))")
            for field in group.fields {
                let name = (field.name + field.argumentForm).padded(to: 36)
                let type = field.typeWord.padded(to: 14)
                lines += Columns.wrapped(
                    "  \(name) \(type) ", "\(field.meaning) [\(sources(field))]\(usage(field))")
            }
        }
        return Report(lines: lines)
    }

    private static func markdown(_ groups: [Group]) -> Report {
        var lines: [String] = []
        for group in groups {
            if !lines.isEmpty { lines.append("") }
            lines += [
                "## \(group.group.name)", "", group.group.meaning, "",
                "Event source: \(group.group.eventSource ?? "any")",
                "", "| Field | Type | Meaning | Sources |", "|---|---|---|---|",
            ]
            for field in group.fields {
                let meaning = (field.meaning + usage(field)).split(separator: "|", omittingEmptySubsequences: false)
                    .joined(separator: "\\|")
                lines.append(
                    "| `\(field.name)\(field.argumentForm)` | \(field.typeWord) | \(meaning) | \(sources(field)) |")
            }
        }
        return Report(lines: lines)
    }

    private static func json(_ groups: [Group], namesOnly: Bool) -> Report {
        var json = JSONWriter()
        if namesOnly {
            json.strings(groups.flatMap { $0.fields.map(\.name) })
            return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
        }
        json.beginArray()
        for group in groups {
            for field in group.fields {
                json.beginObject()
                json.member("name", field.name)
                json.member("type", field.type.rawValue)
                json.member("is_list", field.flags.contains(.list))
                json.member("argument", field.argumentForm)
                json.member("meaning", field.meaning)
                json.member("class", group.group.name)
                json.key("event_source")
                if let source = group.group.eventSource { json.string(source) } else { json.null() }
                json.member("sources", field.sourceNames)
                json.member("filter_only", field.flags.contains(.filterOnly))
                json.member("deprecated", field.flags.contains(.deprecated))
                json.endObject()
            }
        }
        json.endArray()
        return Report(bytes: json.bytes + [UInt8(ascii: "\n")])
    }

    /// The sources that fill a field, in few words.
    private static func sources(_ field: FieldDescription) -> String {
        if field.sources.isEmpty { return "no source here can know it" }
        return field.sources == .all ? "all sources" : field.sourceNames.joined(separator: ", ")
    }

    private static func usage(_ field: FieldDescription) -> String {
        if field.flags.contains(.deprecated) { return " (deprecated)" }
        if field.flags.contains(.filterOnly) { return " (conditions only)" }
        return field.flags.contains(.outputOnly) ? " (output only)" : ""
    }
}
