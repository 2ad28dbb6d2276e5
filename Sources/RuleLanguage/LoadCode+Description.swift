extension LoadCode {
    /// What the code means, in a few words.
    public var shortDescription: String {
        switch self {
        case .errFileRead: "Can't read the file"
        case .errYAMLParse: "Not parseable as YAML"
        case .errYAMLValidate: "Wrong structure of the YAML content"
        case .errCompileCondition: "Error in a condition"
        case .errCompileOutput: "Error in an output"
        case .errValidate: "Error in the meaning of an item"
        case .errExtension: "Error raised by an extension"
        case .unknownSource: "Unknown event source"
        case .unsafeNACheck: "Comparison with <NA> that can't hold"
        case .noEventTypes: "Condition has no event type restriction"
        case .unknownFilter: "Unknown field or event type in a condition"
        case .unusedMacro: "Unused macro"
        case .unusedList: "Unused list"
        case .unknownItem: "Unknown item"
        case .deprecatedItem: "Deprecated item or field"
        case .warningExtension: "Warning raised by an extension"
        case .appendNoValues: "Exception append without values"
        case .exceptionNameNotUnique: "Several exceptions of one rule share a name"
        case .invalidMacroName: "Macro name that no condition can use"
        case .invalidListName: "List name that no condition can use"
        case .compileConditionHint: "Condition that can be written better"
        case .unknownKey: "Unknown key in an item"
        }
    }
}
