/// Versions that users see.
public enum Version {
    /// Shrike's own.
    public static let shrike = "0.1.0"
    /// The version of Falco's rule engine that rules files may require.
    public static let ruleEngine = "0.63.0"
}
