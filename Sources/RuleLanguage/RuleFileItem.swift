/// A rules file after reading: its items in order, and what is wrong with its structure.
public struct RuleFile: Sendable {
    /// The usable items, and the names of the unusable ones.
    public var items: [RuleFileItem]
    /// Structural problems, by their places.
    public var diagnostics: [Diagnostic]

    /// A file's items and problems.
    public init(items: [RuleFileItem] = [], diagnostics: [Diagnostic] = []) {
        self.items = items
        self.diagnostics = diagnostics
    }
}

/// An item of a rules file as written: nothing collected, resolved or compiled yet.
public enum RuleFileItem: Sendable, Hashable {
    case requiredEngineVersion(Sourced<SemanticVersion>)
    /// Any one of the requirement's plugins does.
    case requiredPlugin(PluginRequirement)
    case list(ListItem)
    case macro(MacroItem)
    case rule(RuleItem)
    /// An item that was reported as unusable. What refers to it is not to be reported again.
    case unusable(UnusableItem)
}

/// The kinds of items with names.
public enum ItemKind: String, Sendable, Hashable, CaseIterable { case list, macro, rule, correlation }

/// An item that was reported as unusable.
public struct UnusableItem: Sendable, Hashable {
    /// What it was to be.
    public var kind: ItemKind
    /// Its name.
    public var name: String
    /// An item of this kind and name.
    public init(kind: ItemKind, name: String) {
        self.kind = kind
        self.name = name
    }
}

/// `required_plugin_versions`, one requirement: alternatives in written order.
public struct PluginRequirement: Sendable, Hashable {
    /// A plugin and its least version.
    public struct Alternative: Sendable, Hashable {
        /// The plugin's name.
        public var name: String
        /// The least version that does.
        public var version: SemanticVersion
        /// A plugin and its least version.
        public init(name: String, version: SemanticVersion) {
            self.name = name
            self.version = version
        }
    }

    /// The main plugin first.
    public var alternatives: [Alternative]
    /// Where the requirement stands.
    public var span: SourceSpan

    /// A requirement at a place.
    public init(alternatives: [Alternative], span: SourceSpan) {
        self.alternatives = alternatives
        self.span = span
    }
}

/// How a list or macro item relates to what was defined before.
public enum ItemChange: Sendable, Hashable {
    /// A definition, which replaces an earlier one.
    case define
    /// `append: true`, which is deprecated.
    case legacyAppend
    /// `override` with `append`.
    case append
    /// `override` with `replace`.
    case replace

    /// Whether there must be an earlier definition.
    public var isAppend: Bool { self == .legacyAppend || self == .append }
}

/// A `list` item.
public struct ListItem: Sendable, Hashable {
    /// The list's name.
    public var name: Sourced<String>
    /// The items as written.
    public var items: [SourcedText]
    /// How it relates to an earlier list of the name.
    public var change: ItemChange
    /// The whole item.
    public var span: SourceSpan
    /// A list item from its parts.
    public init(name: Sourced<String>, items: [SourcedText], change: ItemChange = .define, span: SourceSpan) {
        self.name = name
        self.items = items
        self.change = change
        self.span = span
    }
}

/// A `macro` item.
public struct MacroItem: Sendable, Hashable {
    /// The macro's name.
    public var name: Sourced<String>
    /// The condition's text.
    public var condition: SourcedText
    /// How it relates to an earlier macro of the name.
    public var change: ItemChange
    /// The whole item.
    public var span: SourceSpan
    /// A macro item from its parts.
    public init(name: Sourced<String>, condition: SourcedText, change: ItemChange = .define, span: SourceSpan) {
        self.name = name
        self.condition = condition
        self.change = change
        self.span = span
    }
}

extension RuleFile {
    /// What stands for a file that can't be read.
    public static func unreadable(_ name: String, reason: String) -> RuleFile {
        let location = SourceLocation(file: name, line: 1, column: 1)
        return RuleFile(
            diagnostics: [
                Diagnostic(
                    severity: .error, code: .errFileRead, message: "can't read the rules file: \(reason)",
                    location: location,
                    context: [Diagnostic.Context(itemType: "file", itemName: "", location: location)]
                )
            ]
        )
    }
}
