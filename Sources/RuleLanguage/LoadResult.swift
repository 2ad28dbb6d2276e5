import JSONTree

/// What loading one rules file came to.
public struct LoadResult: Sendable, Hashable {
    /// The file as the user named it.
    public var name: String
    /// All problems, in the order of their places.
    public var diagnostics: [Diagnostic]

    /// The result for a file.
    public init(name: String, diagnostics: [Diagnostic] = []) {
        self.name = name
        self.diagnostics = diagnostics
    }

    /// The problems that make the file unusable.
    public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    /// The problems that don't.
    public var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
    /// Whether the file can be used.
    public var isSuccessful: Bool { !diagnostics.contains { $0.severity == .error } }

    /// One line: the file and `Ok`, `Ok, with warnings` or `Invalid`, with counts.
    public var summary: String {
        let counts = [Self.counted(errors.count, "error"), Self.counted(warnings.count, "warning")].compactMap { $0 }
        let outcome = isSuccessful ? (warnings.isEmpty ? "Ok" : "Ok, with warnings") : "Invalid"
        return "\(name): \(outcome)" + (counts.isEmpty ? "" : " (\(counts.joined(separator: ", ")))")
    }

    private static func counted(_ count: Int, _ noun: String) -> String? {
        count == 0 ? nil : Plural.counted(count, noun)
    }
}

extension LoadResult {
    /// Falco's load result document, `{"falco_load_results": […]}`, on one line. A problem has a `suggestion` besides.
    public static func json(of results: [LoadResult]) -> String {
        var json = JSONWriter()
        json.object { json in
            json.array("falco_load_results", results) { $0.write(into: &$1) }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private func write(into json: inout JSONWriter) {
        json.object { json in
            json.array("errors", errors) { $0.write(into: &$1) }
            json.member("name", name)
            json.member("successful", isSuccessful)
            json.array("warnings", warnings) { $0.write(into: &$1) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func array<Element>(
        _ name: String, _ elements: [Element], _ write: (Element, inout JSONWriter) -> Void
    ) {
        key(name)
        beginArray()
        for element in elements { write(element, &self) }
        endArray()
    }
}

extension Diagnostic {
    fileprivate func write(into json: inout JSONWriter) {
        json.object { json in
            json.member("code", code.rawValue)
            json.member("codedesc", code.documentDescription)
            json.key("context")
            json.object { json in
                let isCondition = [.errCompileCondition, .compileConditionHint, .unsafeNACheck].contains(code)
                let type =
                    isCondition
                    ? "condition expression" : code == .errCompileOutput ? "rule output expression" : "value for"
                let place = Context(itemType: type, itemName: "", location: location)
                let isInner = context.last?.location != location
                json.array("locations", isInner ? context + [place] : context) { $0.write(into: &$1) }
                json.member("snippet", snippet.map { $0.line + "\n" + $0.marks + "\n" } ?? "")
            }
            json.member("message", message)
            if let suggestion { json.member("suggestion", suggestion) }
        }
    }
}

extension Diagnostic.Context {
    fileprivate func write(into json: inout JSONWriter) {
        json.object { json in
            json.member("item_name", itemName)
            json.member("item_type", itemType)
            json.key("position")
            json.object { json in
                json.member("column", location.column)
                json.member("line", location.line)
                json.member("name", location.file)
                json.member("offset", location.offset)
            }
        }
    }
}
