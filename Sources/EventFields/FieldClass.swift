public import EventModel

/// A group of fields, as `shrike fields` and `falco --list` show them.
public struct FieldClass: Sendable {
    /// The group's name, e.g. `process`.
    public let name: String
    /// What the group's fields are about.
    public let meaning: String
    /// The event source whose events have the fields, as rules name it; nil: every source.
    public let eventSource: String?
    let rows: [FieldRow]

    init(
        _ name: String, _ meaning: String, eventSource: String? = "syscall", @FieldRowBuilder rows: () -> [FieldRow]
    ) {
        self.name = name
        self.meaning = meaning
        self.eventSource = eventSource
        self.rows = rows()
    }

    /// The group's fields in the order in which they are listed.
    public var fields: [FieldDescription] { rows.map(\.description) }
}

extension FieldDescription {
    /// How the field's argument is written behind its name; empty for fields that take none.
    public var argumentForm: String {
        let isKey = flags.contains(.argumentIsKey)
        let isIndex = flags.contains(.argumentIsIndex)
        let argument =
            switch (isKey, isIndex) {
            case (true, true): "[KEY or N]"
            case (true, false): "[KEY]"
            case (false, true): "[N]"
            case (false, false): "[ARGUMENT]"
            }
        if flags.contains(.argumentRequired) { return argument }
        return flags.contains(.argumentAllowed) ? "(\(argument))" : ""
    }

    /// The word that listings show for the field's type; lists say so.
    public var typeWord: String {
        let word =
            switch type {
            case .absoluteTime: "absolute time"
            case .relativeTime: "relative time"
            case .address: "IP address"
            case .network: "IP network"
            case .path: "path"
            case .bytes: "bytes"
            default: type.rawValue
            }
        return flags.contains(.list) ? "list of \(word)" : word
    }

    /// The names of the sources that can fill the field, in the order of `SourceKind`.
    public var sourceNames: [String] {
        SourceKind.allCases.filter { sources.contains(SourceSet($0)) }.map(\.name)
    }
}
