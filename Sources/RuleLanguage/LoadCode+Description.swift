extension LoadCode {
    /// What the code means, in Falco's words (`Unsafe <NA> comparison in condition`).
    public var shortDescription: String {
        switch self {
        case .errFileRead: "File read error"
        case .errYAMLParse: "YAML parse error"
        case .errYAMLValidate: "Error validating internal structure of YAML file"
        case .errCompileCondition: "Error compiling condition"
        case .errCompileOutput: "Error compiling output"
        case .errValidate: "Error validating rule/macro/list/exception objects"
        case .errExtension: "Error in extension item"
        case .unknownSource: "Unknown event source"
        case .unsafeNACheck: "Unsafe <NA> comparison in condition"
        case .noEventTypes: "Condition has no event-type restriction"
        case .unknownFilter: "Unknown field or event-type in condition or output"
        case .unusedMacro: "Unused macro"
        case .unusedList: "Unused list"
        case .unknownItem: "Unknown rules file item"
        case .deprecatedItem: "Used deprecated item"
        case .warningExtension: "Warning in extension item"
        case .appendNoValues: "Overriding/appending with no values"
        case .exceptionNameNotUnique: "Multiple exceptions defined with the same name"
        case .invalidMacroName: "Invalid macro name"
        case .invalidListName: "Invalid list name"
        case .compileConditionHint: "Warning in rule condition"
        case .unknownKey: "Unknown key in rules file item"
        case .redefinedItem: "Item defined twice in one file"
        case .neverMatches: "Condition that no event can satisfy"
        case .outputWithoutValue: "Output field that never has a value"
        case .unavailableField: "Field that no source here can fill"
        case .hiddenRule: "Rule that another always hides"
        }
    }

    /// The text under `codedesc` in the JSON document: for warnings Falco writes what may be wrong at some length.
    public var documentDescription: String {
        switch self {
        case .unknownSource:
            """
            A rule has a unknown event source. This can occur when reading rules content without having a corresponding \
            plugin loaded, etc. The rule will be silently ignored.
            """
        case .unsafeNACheck:
            """
            Comparing a field value with <NA> is unsafe and can lead to unpredictable behavior of the rule condition. If \
            you need to check for the existence of a field, consider using the 'exists' operator instead.
            """
        case .noEventTypes:
            """
            A rule condition matches too many evt.type values. This has a significant performance penalty. Make the \
            condition more specific by adding an evt.type field or further restricting the number of evt.type values in \
            the condition.
            """
        case .unknownFilter:
            """
            A rule condition or output refers to a field or evt.type that does not exist. This is normally an error, but if \
            a rule has a skip-if-unknown-filter property, the error is downgraded to a warning.
            """
        case .unusedMacro: "A macro is defined in the rules content but is not used by any other macro or rule."
        case .unusedList: "A list is defined in the rules content but is not used by any other list, macro, or rule."
        case .unknownItem: "An unknown top-level object is in the rules content. It will be ignored."
        case .deprecatedItem: "A deprecated item is employed by lists, macros, or rules."
        case .warningExtension: "An extension item has a warning"
        case .appendNoValues: "A rule exception is overriding/appending with no values"
        default: shortDescription
        }
    }
}
