import CDefaultRules

/// The rules that are part of the binary.
public enum DefaultRules {
    /// The name that messages give the file.
    public static let name = "shrike_rules.yaml (built in)"
    /// The file's bytes.
    public static var bytes: [UInt8] {
        var count = 0
        let first = shrike_default_rules(&count)
        return Array(UnsafeBufferPointer(start: first, count: count))
    }
}
