import RuleLanguage

/// Where an item stands in the order of all items, which decides who may refer to whom.
struct ItemOrder {
    /// The item's first definition.
    let first: Int
    /// Its latest definition, append or override.
    var latest: Int
}

/// A list after all definitions and appends so far.
struct CollectedList {
    var name: Sourced<String>
    var items: [SourcedText]
    var order: ItemOrder
    var span: SourceSpan
}

/// A macro after all definitions, appends and overrides so far.
struct CollectedMacro {
    var name: Sourced<String>
    var condition: SourcedText
    var order: ItemOrder
    var span: SourceSpan
}

/// A rule or correlation after all definitions, appends and overrides so far.
struct CollectedRule {
    /// Which of the two it is.
    var kind = ItemKind.rule
    var name: Sourced<String>
    var order: ItemOrder
    var span: SourceSpan
    /// The events that a correlation joins.
    var events: [CorrelationEventItem] = []
    var condition: SourcedText
    var output: SourcedText
    var description: String
    var priority: String
    var source: String
    var isEnabled = true
    var tags: Set<String> = []
    var warnsEventTypes = true
    var skipsIfUnknownFilter = false
    var exceptions: [RuleException] = []
    var isCapturing = false
    var captureDurationMilliseconds: UInt32 = 0
    /// False after an error that was reported; the rule is then looked at for other errors only.
    var isUsable = true

    var place: ItemPlace { ItemPlace(type: kind.rawValue, name: name.value, span: span) }
}

/// A checked exception: as many operators as fields.
struct RuleException {
    /// How its fields and values are given.
    enum Form {
        /// One field, values are a flat list.
        case single
        /// Several fields, each value is a tuple.
        case tuple
    }

    var name: Sourced<String>
    var form: Form
    var fields: [SourcedText]
    var comparisons: [SourcedText]
    var values: [ExceptionItem.Value]
    var span: SourceSpan
}

/// Items by name, in the order of their first definition.
struct ItemTable<Item> {
    private(set) var items: [Item] = []
    private var indexByName: [String: Int] = [:]

    var names: Dictionary<String, Int>.Keys { indexByName.keys }

    subscript(name: String) -> Item? { indexByName[name].map { items[$0] } }

    /// Adds an item, or puts it in the place of the earlier one.
    mutating func set(_ item: Item, named name: String) {
        if let index = indexByName[name] {
            items[index] = item
        } else {
            indexByName[name] = items.count
            items.append(item)
        }
    }
}
