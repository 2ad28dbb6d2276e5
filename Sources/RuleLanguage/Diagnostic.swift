/// A place in a text that the user wrote. Lines and columns count from 1, columns in characters (Unicode scalars).
public struct SourceLocation: Sendable, Hashable {
    /// The file as the user named it; `-` for standard input.
    public var file: String
    /// Line, from 1.
    public var line: Int
    /// Column, from 1, in characters.
    public var column: Int
    /// Byte offset in the file.
    public var offset: Int
    /// A place in a file.
    public init(file: String, line: Int, column: Int, offset: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
        self.offset = offset
    }
}

/// A problem in a rules or configuration file: what is wrong, where, and how to mend it.
public struct Diagnostic: Sendable, Hashable {
    /// Whether the file is usable in spite of it.
    public enum Severity: String, Sendable, Hashable { case error, warning }

    /// An enclosing item, outermost first: `rules content`, `rule "X"`, `condition expression` …
    public struct Context: Sendable, Hashable {
        /// Falco's `item_type`.
        public var itemType: String
        /// The item's name, or empty.
        public var itemName: String
        /// Where it begins.
        public var location: SourceLocation
        /// An enclosing item.
        public init(itemType: String, itemName: String, location: SourceLocation) {
            self.itemType = itemType
            self.itemName = itemName
            self.location = location
        }
    }

    /// Whether the file is usable in spite of it.
    public var severity: Severity
    /// Falco's stable code.
    public var code: LoadCode
    /// What is wrong and what was expected.
    public var message: String
    /// The offending place.
    public var location: SourceLocation
    /// The source line that holds the place, without its newline; nil when there is none.
    public var sourceLine: String?
    /// How many characters of the source line are meant, 1 or more.
    public var length: Int
    /// How to mend it, e.g. `did you mean 'proc.name'?`.
    public var suggestion: String?
    /// The enclosing items, outermost first.
    public var context: [Context]

    /// A problem from its parts.
    public init(
        severity: Severity, code: LoadCode, message: String, location: SourceLocation, sourceLine: String? = nil,
        length: Int = 1, suggestion: String? = nil, context: [Context] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.location = location
        self.sourceLine = sourceLine
        self.length = length
        self.suggestion = suggestion
        self.context = context
    }
}

/// The codes of Falco's rule loader.
public enum LoadCode: String, Sendable, Hashable, CaseIterable {
    case errFileRead = "LOAD_ERR_FILE_READ"
    case errYAMLParse = "LOAD_ERR_YAML_PARSE"
    case errYAMLValidate = "LOAD_ERR_YAML_VALIDATE"
    case errCompileCondition = "LOAD_ERR_COMPILE_CONDITION"
    case errCompileOutput = "LOAD_ERR_COMPILE_OUTPUT"
    case errValidate = "LOAD_ERR_VALIDATE"
    case errExtension = "LOAD_ERR_EXTENSION"
    case unknownSource = "LOAD_UNKNOWN_SOURCE"
    case unsafeNACheck = "LOAD_UNSAFE_NA_CHECK"
    case noEventTypes = "LOAD_NO_EVTTYPE"
    case unknownFilter = "LOAD_UNKNOWN_FILTER"
    case unusedMacro = "LOAD_UNUSED_MACRO"
    case unusedList = "LOAD_UNUSED_LIST"
    case unknownItem = "LOAD_UNKNOWN_ITEM"
    case deprecatedItem = "LOAD_DEPRECATED_ITEM"
    case warningExtension = "LOAD_WARNING_EXTENSION"
    case appendNoValues = "LOAD_APPEND_NO_VALUES"
    case exceptionNameNotUnique = "LOAD_EXCEPTION_NAME_NOT_UNIQUE"
    case invalidMacroName = "LOAD_INVALID_MACRO_NAME"
    case invalidListName = "LOAD_INVALID_LIST_NAME"
    case compileConditionHint = "LOAD_COMPILE_CONDITION"
    case unknownKey = "LOAD_UNKNOWN_KEY"
    // Shrike's own, all of them warnings.
    case redefinedItem = "LOAD_REDEFINED_ITEM"
    case neverMatches = "LOAD_NEVER_MATCHES"
    case unavailableField = "LOAD_UNAVAILABLE_FIELD"
    case hiddenRule = "LOAD_HIDDEN_RULE"
    case outputWithoutValue = "LOAD_OUTPUT_WITHOUT_VALUE"
}
