/// Counts with their nouns.
public enum Plural {
    /// `1 rule`, `2 rules`: for a noun that has an `s` in the plural.
    public static func counted(_ count: Int, _ noun: String) -> String {
        count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
    }
}
