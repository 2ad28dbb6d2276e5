import RuleLanguage

/// Collects the items of all files in order: definitions, redefinitions, appends and overrides.
struct RuleCollector {
    let options: RuleLoaderOptions
    var log = DiagnosticLog()
    /// The texts that the latest resolution parsed.
    var texts = TextRegistry()
    var lists = ItemTable<CollectedList>()
    var macros = ItemTable<CollectedMacro>()
    var rules = ItemTable<CollectedRule>()
    /// Items that were reported as unusable.
    private(set) var unusable: Set<UnusableItem> = []
    private(set) var requiredEngineVersion: SemanticVersion?
    private(set) var requiredPlugins: [PluginRequirement] = []
    /// How many items were collected.
    private(set) var position = 0
    /// The item that is collected now.
    private var current: RuleFileItem?

    init(options: RuleLoaderOptions) { self.options = options }

    /// Collects a file's items. Its index must be the number of files before it.
    mutating func collect(_ file: RuleFile, source: SourceText) {
        log.add(source)
        for diagnostic in file.diagnostics { log.add(diagnostic) }
        for item in file.items {
            position += 1
            current = item
            switch item {
            case .requiredEngineVersion(let version): requireEngine(version)
            case .requiredPlugin(let requirement): requiredPlugins.append(requirement)
            case .list(let list): collect(list)
            case .macro(let macro): collect(macro)
            case .rule(let rule): collect(rule)
            case .unusable(let item): unusable.insert(item)
            }
        }
    }

    /// The order of an item that is defined or changed now.
    func currentOrder(after earlier: ItemOrder?) -> ItemOrder {
        ItemOrder(first: earlier?.first ?? position, latest: position)
    }

    mutating func markUnusable(_ kind: ItemKind, _ name: String) {
        unusable.insert(UnusableItem(kind: kind, name: name))
    }

    func isUnusable(_ kind: ItemKind, _ name: String) -> Bool {
        unusable.contains(UnusableItem(kind: kind, name: name))
    }

    // MARK: - Requirements

    private mutating func requireEngine(_ version: Sourced<SemanticVersion>) {
        if requiredEngineVersion.map({ $0 < version.value }) ?? true { requiredEngineVersion = version.value }
        guard !options.engineVersion.satisfies(version.value) else { return }
        log.error(
            "the rules require engine version \(version.value), but this engine's version is \(options.engineVersion)",
            at: version.span, suggestion: "use a newer engine, or rules for version \(options.engineVersion)",
            in: ItemPlace(type: "required_engine_version", name: "", span: version.span)
        )
    }

    /// Checks all requirements on plugins; to be called once, after the last file.
    mutating func checkPlugins() {
        for requirement in requiredPlugins {
            let isMet = requirement.alternatives.contains { alternative in
                options.plugins[alternative.name]?.satisfies(alternative.version) ?? false
            }
            guard !isMet else { continue }
            let wanted = requirement.alternatives.map { "'\($0.name)' version \($0.version)" }
            let present = requirement.alternatives.compactMap { alternative in
                options.plugins[alternative.name].map { "'\(alternative.name)' is here in version \($0)" }
            }
            log.error(
                "the rules require plugin \(wanted.joined(separator: " or ")), which is not available",
                at: requirement.span, suggestion: present.isEmpty ? nil : present.joined(separator: ", "),
                in: ItemPlace(type: "required plugin versions", name: "", span: requirement.span)
            )
        }
    }

    // MARK: - Lists and macros

    private mutating func collect(_ item: ListItem) {
        let place = ItemPlace.list(item.name.value, item.span)
        let earlier = lists[item.name.value]
        if item.change == .legacyAppend { warnOfLegacyAppend(place, at: item.name.span) }
        if item.change.isAppend {
            guard let earlier else {
                reportNothingToAppendTo(.list, item.name, among: Array(lists.names), in: place)
                return
            }
            lists.set(
                CollectedList(
                    name: earlier.name, items: earlier.items + item.items, order: currentOrder(after: earlier.order),
                    span: earlier.span
                ), named: item.name.value
            )
            return
        }
        let isReferable = !item.name.value.utf8.contains { ListSubstitution.neverInNames.contains($0) }
        if !isReferable {
            log.warn(
                .invalidListName,
                "'\(item.name.value)' is a bad name for a list: parentheses, quotes, blanks, '=' and ',' should not be part "
                    + "of it", at: item.name.span, in: place
            )
        }
        lists.set(
            CollectedList(
                name: item.name, items: item.items, order: currentOrder(after: earlier?.order), span: item.span
            ), named: item.name.value
        )
    }

    private mutating func collect(_ item: MacroItem) {
        let place = ItemPlace.macro(item.name.value, item.span)
        let earlier = macros[item.name.value]
        if item.change == .legacyAppend { warnOfLegacyAppend(place, at: item.name.span) }
        if item.change.isAppend {
            guard var macro = earlier else {
                reportNothingToAppendTo(.macro, item.name, among: Array(macros.names), in: place)
                return
            }
            macro.condition = joined(macro.condition, item.condition, at: item.span)
            macro.order = currentOrder(after: macro.order)
            macros.set(macro, named: item.name.value)
            return
        }
        if !isMacroName(item.name.value) {
            log.warn(
                .invalidMacroName,
                "no condition can use a macro named '\(item.name.value)': a name is a letter followed "
                    + "by letters, digits and underscores", at: item.name.span, in: place
            )
        }
        macros.set(
            CollectedMacro(
                name: item.name, condition: item.condition, order: currentOrder(after: earlier?.order), span: item.span
            ), named: item.name.value
        )
    }

    private func isMacroName(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
    }

    private func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }

    // MARK: - Appending

    /// An earlier text and an appended one with a space between them.
    func joined(_ earlier: SourcedText, _ appended: SourcedText, at span: SourceSpan) -> SourcedText {
        var text = earlier
        text.append(" ", standingFor: span)
        text.append(appended)
        return text
    }

    mutating func warnOfLegacyAppend(_ place: ItemPlace, at span: SourceSpan) {
        let operations = appendedKeys.map { "\($0): append" }.joined(separator: ", ")
        log.warn(
            .deprecatedItem, "'append: true' is deprecated", at: span,
            suggestion: "write 'override: {\(operations)}' instead", in: place
        )
    }

    /// The keys that `append: true` adds to, as far as the item that is collected now has them; an override must name
    /// these.
    private var appendedKeys: [String] {
        switch current {
        case .list: return ["items"]
        case .rule(let rule):
            guard rule.exceptions != nil else { return ["condition"] }
            return rule.condition == nil ? ["exceptions"] : ["condition", "exceptions"]
        default: return ["condition"]
        }
    }

    mutating func reportNothingToAppendTo(
        _ kind: ItemKind, _ name: Sourced<String>, among names: [String], in place: ItemPlace
    ) {
        guard !isUnusable(kind, name.value) else { return }
        log.error(
            "no \(kind.rawValue) '\(name.value)' is defined before this, so there is nothing to change", at: name.span,
            suggestion: Suggestion.question(for: name.value, in: names.sorted()), in: place
        )
        markUnusable(kind, name.value)
    }
}
