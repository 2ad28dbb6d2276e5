import RuleLanguage

/// Gathers the problems of a load and knows the files that they lie in.
struct DiagnosticLog {
    private(set) var sources: [SourceText] = []
    private(set) var diagnostics: [Diagnostic] = []
    private var seen: Set<Diagnostic> = []

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    mutating func add(_ source: SourceText) { sources.append(source) }

    mutating func add(_ diagnostic: Diagnostic) {
        // A macro that several rules use, or a rule that is checked after several files, is reported once.
        var place = diagnostic
        place.context = []
        if seen.insert(place).inserted { diagnostics.append(diagnostic) }
    }

    mutating func report(
        _ severity: Diagnostic.Severity, _ code: LoadCode, _ message: String, at span: SourceSpan,
        suggestion: String? = nil, in item: ItemPlace? = nil
    ) {
        guard span.file >= 0, span.file < sources.count else { return }
        let source = sources[span.file]
        let location = source.location(ofByte: span.start)
        add(
            Diagnostic(
                severity: severity, code: code, message: message, location: location,
                sourceLine: source.line(location.line), length: source.length(from: span.start, to: span.end),
                suggestion: suggestion, context: context(of: item, file: span.file)
            )
        )
    }

    mutating func error(
        _ message: String, at span: SourceSpan, suggestion: String? = nil, in item: ItemPlace?,
        code: LoadCode = .errValidate
    ) {
        report(.error, code, message, at: span, suggestion: suggestion, in: item)
    }

    mutating func warn(
        _ code: LoadCode, _ message: String, at span: SourceSpan, suggestion: String? = nil, in item: ItemPlace?
    ) {
        report(.warning, code, message, at: span, suggestion: suggestion, in: item)
    }

    func location(of span: SourceSpan) -> SourceLocation {
        guard span.file >= 0, span.file < sources.count else { return SourceLocation(file: "", line: 1, column: 1) }
        return sources[span.file].location(ofByte: span.start)
    }

    private func context(of item: ItemPlace?, file: Int) -> [Diagnostic.Context] {
        let contentFile = item?.span.file ?? file
        var context = [
            Diagnostic.Context(
                itemType: "rules content", itemName: "",
                location: location(of: SourceSpan(file: contentFile, start: 0, end: 0))
            )
        ]
        if let item {
            context.append(
                Diagnostic.Context(itemType: item.type, itemName: item.name, location: location(of: item.span))
            )
            if let part = item.part {
                context.append(
                    Diagnostic.Context(itemType: part.type, itemName: part.name, location: location(of: part.span))
                )
            }
        }
        return context
    }
}

/// The item that a problem belongs to.
struct ItemPlace {
    var type: String
    var name: String
    var span: SourceSpan
    /// The part of the item that the problem is in.
    var part: Part?

    /// A part of an item, by Falco's word for it.
    struct Part {
        var type: String
        var name = ""
        var span: SourceSpan
    }

    /// The item with the part of it that is meant.
    func at(_ type: String, named name: String = "", _ span: SourceSpan?) -> ItemPlace {
        guard let span else { return self }
        var place = self
        place.part = Part(type: type, name: name, span: span)
        return place
    }

    static func list(_ name: String, _ span: SourceSpan) -> ItemPlace {
        ItemPlace(type: "list", name: name, span: span)
    }
    static func macro(_ name: String, _ span: SourceSpan) -> ItemPlace {
        ItemPlace(type: "macro", name: name, span: span)
    }
    static func rule(_ name: String, _ span: SourceSpan) -> ItemPlace {
        ItemPlace(type: "rule", name: name, span: span)
    }
}
