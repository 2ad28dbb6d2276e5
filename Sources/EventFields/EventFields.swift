public import EventModel

/// The field catalogue: every field of the rule language, what it means, which sources fill it and how it is read.
///
/// To add a field, add one `FieldRow` to the class it belongs to.
public enum EventFields {
    /// The fields in groups, in the order in which they are listed.
    public static let classes: [FieldClass] = [
        anyEvent, syscallEvent, process, ancestry, thread, user, group, descriptor, connection, path, descriptorList,
        target, utility, container, kubernetes, kubernetesMetadata, json, kubernetesAudit, novelty,
        alert,
    ]

    /// The catalogue that rules are compiled against.
    public static let catalogue = FieldCatalogue(rows.map(\.description))

    /// The catalogue with the fields `static.NAME` of the configuration's `static_fields`.
    ///
    /// - Parameter learns: whether anything is learned: else nothing can fill the fields of what is new, so that rules with them cost
    ///   nothing.
    public static func catalogue(staticFields names: [String], learns: Bool = true) -> FieldCatalogue {
        FieldCatalogue(
            rows.map { learns || !$0.description.name.hasPrefix("novel.") ? $0.description : $0.description.unfilled }
                + names.map {
                    FieldDescription(
                        name: "static.\($0)", type: .string, meaning: "the configuration's static field \($0)",
                        eventSource: nil
                    )
                }
        )
    }

    /// The rows in catalogue order: a `FieldID` is an index into it.
    static let rows: [FieldRow] = classes.flatMap(\.rows)
}
