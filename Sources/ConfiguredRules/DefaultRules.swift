import CDefaultRules

/// The rules that are part of the binary.
public enum DefaultRules {
    /// The tag of rules about what a workload never did before: they are matched behind all others.
    public static let noveltyTag = "anomaly"

    /// The rules about what a workload never did before: for a sensor that learns.
    public static var novelty: (name: String, bytes: [UInt8]) { file(shrike_novelty_rules()) }

    /// The files in the order in which they are loaded, each with the name that messages give it.
    public static var files: [(name: String, bytes: [UInt8])] {
        var count = 0
        let files = UnsafeBufferPointer(start: shrike_default_rules(&count), count: count)
        return files.map(file)
    }

    /// The names of the rules in the files.
    static var ruleNames: Set<String> {
        let key = Array("- rule: ".utf8)
        return Set(
            files.flatMap { file in
                file.bytes.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: key) }
                    .map { String(decoding: $0.dropFirst(key.count), as: UTF8.self) }
            })
    }

    private static func file(_ file: shrike_default_rules_file) -> (name: String, bytes: [UInt8]) {
        (
            "\(String(cString: file.name)) (built in)",
            Array(UnsafeBufferPointer(start: file.bytes, count: file.size))
        )
    }
}
