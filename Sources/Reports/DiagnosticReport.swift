public import RuleLanguage

/// Problems for a person.
public enum DiagnosticReport {
    /// Each problem with its place, the line that is meant and a suggestion, in the order given.
    public static func text(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(\.rendered).joined(separator: "\n")
    }
}
