/// Replaces `${NAME}` in a value by the environment variable (by nothing when it is unset); `$${NAME}` stands for the text
/// `${NAME}`. There is no nesting, and `$NAME` means itself. A variable's value is taken as it is, where Falco looks for
/// variables in it too: what the environment holds can't ask for more of it.
struct EnvironmentExpansion: Sendable {
    /// Looks a variable up.
    let variable: @Sendable (String) -> String?

    /// The text with its variables replaced.
    func expand(_ text: String) -> String { expand(text, with: variable) }

    /// The names of the variables in a text that are not set, or empty, each once.
    func unset(in text: String) -> [String] {
        var names: [String] = []
        _ = expand(
            text,
            with: { name in
                if (variable(name) ?? "").isEmpty, !names.contains(name) { names.append(name) }
                return nil
            })
        return names
    }

    private func expand(_ text: String, with variable: (String) -> String?) -> String {
        guard text.contains("${") else { return text }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                result += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${"), let end = rest.firstIndex(of: "}") {
                let name = rest[rest.index(rest.startIndex, offsetBy: 2)..<end]
                result += variable(String(name)) ?? ""
                rest = rest[rest.index(after: end)...]
            } else {
                result += "$"
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}
