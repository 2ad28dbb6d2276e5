public import EventModel
import RuleEngine
public import RuleLanguage
import YAMLTree

/// The tests of a file, and what is wrong with it.
public struct RuleTestFile: Sendable {
    /// The file as the user named it.
    public let name: String
    /// The tests in order; those with errors are left out.
    public private(set) var tests: [RuleTest] = []
    /// What is wrong, in the order of the file.
    public private(set) var diagnostics: [Diagnostic] = []
    private let source: SourceText
    private let catalogue: FieldCatalogue

    /// Reads the tests of a file: a sequence of `{rule: NAME, alerts: [CASE…], quiet: [CASE…]}`, where a case is
    /// `{case: WHAT, event: {FIELD: VALUE, …}}`, `{case: WHAT, events: [{after: SECONDS, FIELD: VALUE, …}, …]}` or
    /// `{case: WHAT, log: FILE}`.
    public init(name: String, bytes: [UInt8], catalogue: FieldCatalogue) {
        self.name = name
        self.catalogue = catalogue
        source = SourceText(name: name, bytes: bytes)
        do throws(YAMLSyntaxError) {
            for document in try YAMLDocument.parse(bytes: bytes) where !document.isNull {
                guard let items = document.elements else {
                    error("the document is \(document.kindInWords), expected a sequence of tests", at: document)
                    continue
                }
                for item in items { read(item) }
            }
            if tests.isEmpty, diagnostics.isEmpty {
                let start = source.location(ofByte: 0)
                diagnostics.append(
                    Diagnostic(
                        severity: .error, code: .errYAMLValidate,
                        message: "the file has no test, expected a sequence of tests", location: start))
            }
        } catch let problem {
            diagnostics.append(
                Diagnostic(
                    severity: .error, code: .errYAMLParse, message: problem.message,
                    location: source.location(ofByte: problem.offset),
                    suggestion: problem.hint
                        ?? "a key with brackets must be quoted within braces: {\"proc.aname[2]\": cron}"))
        }
    }

    private mutating func read(_ item: YAMLNode) {
        guard item.pairs != nil else {
            return error("this is \(item.kindInWords), expected a mapping with the key 'rule'", at: item)
        }
        check(item, known: ["rule", "alerts", "quiet"])
        guard let rule = text(item, "rule") else { return }
        if item["alerts"] == nil, item["quiet"] == nil {
            error("the rule has no tests, expected 'alerts', 'quiet' or both", at: item)
        }
        for (key, mustAlert) in [("alerts", true), ("quiet", false)] {
            guard let node = item[key] else { continue }
            guard let cases = node.elements else {
                error("'\(key)' is \(node.kindInWords), expected a sequence of cases", at: node)
                continue
            }
            if cases.isEmpty { error("'\(key)' is empty, expected a sequence of cases", at: node) }
            for element in cases { read(element, rule: rule, mustAlert: mustAlert) }
        }
    }

    private mutating func read(_ element: YAMLNode, rule: String, mustAlert: Bool) {
        guard element.pairs != nil else {
            return error("this is \(element.kindInWords), expected a mapping with 'case' and 'event'", at: element)
        }
        check(element, known: ["case", "event", "events", "log"])
        guard let name = text(element, "case") else { return }
        let subject: RuleTest.Subject
        switch (element["event"], element["events"], element["log"]) {
        case (let node?, nil, nil):
            guard let event = event(node) else { return }
            subject = .events([RuleTest.TimedEvent(event: event, timeNanoseconds: 0)])
        case (nil, let node?, nil):
            guard let events = events(node) else { return }
            subject = .events(events)
        case (nil, nil, let node?):
            guard let path = node.text, !path.isEmpty else {
                return error("'log' is \(node.kindInWords), expected the path of an audit log or a recording", at: node)
            }
            subject = .log(path: path.hasPrefix("/") ? path : directory + path)
        case (nil, nil, nil): return error("the case has no 'event', no 'events' and no 'log'", at: element)
        default: return error("a case has an 'event', 'events' or a 'log': one of them", at: element)
        }
        tests.append(
            RuleTest(
                rule: rule, mustAlert: mustAlert, name: name, subject: subject,
                location: source.location(ofByte: element.bytes.lowerBound)))
    }

    /// Relative paths start where the file is.
    private var directory: String {
        name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
    }

    /// The events of a list; each a second behind the one before, or so many as its key `after` says.
    private mutating func events(_ node: YAMLNode) -> [RuleTest.TimedEvent]? {
        guard let elements = node.elements, !elements.isEmpty else {
            error(
                "'events' is \(node.elements == nil ? node.kindInWords : "empty"), expected a sequence of events",
                at: node)
            return nil
        }
        var events: [RuleTest.TimedEvent] = []
        var time: UInt64 = 0
        for (index, element) in elements.enumerated() {
            let after = element[Self.afterKey]
            let seconds = after == nil ? 1 : after?.text.flatMap(Double.init)
            guard let seconds, seconds >= 0, seconds <= 31_536_000 else {
                error("'after' must be a number of seconds, 0 or more", at: after ?? element)
                return nil
            }
            if index > 0 { time += UInt64(seconds * 1e9) }
            guard let event = event(element, isOfList: true) else { return nil }
            events.append(RuleTest.TimedEvent(event: event, timeNanoseconds: time))
        }
        return events
    }

    /// The one key of an event in a list that is no field.
    private static let afterKey = "after"

    private mutating func event(_ node: YAMLNode, isOfList: Bool = false) -> WrittenEvent? {
        guard let pairs = node.pairs else {
            error("'event' is \(node.kindInWords), expected a mapping of fields to values", at: node)
            return nil
        }
        var event = WrittenEvent(catalogue: catalogue)
        var isGood = true
        for pair in pairs {
            if pair.key.text == Self.afterKey {
                guard !isOfList else { continue }
                error("'after' is for an event in 'events', which has one before it", at: pair.key)
                isGood = false
                continue
            }
            guard let field = pair.key.text, let value = Self.value(of: pair.value) else {
                error("a field's value must be a scalar or a list of scalars", at: pair.value)
                isGood = false
                continue
            }
            do throws(WrittenEvent.Problem) { try event.set(field, to: value) } catch {
                self.error(error.message, at: error.isOfValue ? pair.value : pair.key, suggestion: error.suggestion)
                isGood = false
            }
        }
        if isGood, event.type == nil {
            error("the event has no 'evt.type'", at: node)
            return nil
        }
        return isGood ? event : nil
    }

    /// The value that a node stands for; nil where it can't stand for any.
    static func value(of node: YAMLNode) -> WrittenEvent.Value? {
        switch node.content {
        case .null: return WrittenEvent.Value.none
        case .scalar(let text, _): return .scalar(text)
        case .sequence(let elements):
            var list: [WrittenEvent.Value] = []
            for element in elements {
                guard let text = element.text else { return nil }
                list.append(.scalar(text))
            }
            return .list(list)
        case .mapping: return nil
        }
    }

    // MARK: - Problems

    private mutating func text(_ item: YAMLNode, _ key: String) -> String? {
        guard let node = item[key] else {
            error("the key '\(key)' is missing", at: item)
            return nil
        }
        guard let text = node.text, !text.isEmpty else {
            error("'\(key)' is \(node.text == nil ? node.kindInWords : "empty"), expected text", at: node)
            return nil
        }
        return text
    }

    private mutating func check(_ node: YAMLNode, known: [String]) {
        for pair in node.pairs ?? [] {
            guard let key = pair.key.text, known.contains(key) else {
                error(
                    "unknown key '\(pair.key.text ?? pair.key.kindInWords)', expected \(known.joined(separator: ", "))",
                    at: pair.key, suggestion: Suggestion.question(for: pair.key.text ?? "", in: known))
                continue
            }
        }
    }

    private mutating func error(_ message: String, at node: YAMLNode, suggestion: String? = nil) {
        let location = source.location(ofByte: node.bytes.lowerBound)
        diagnostics.append(
            Diagnostic(
                severity: .error, code: .errYAMLValidate, message: message, location: location,
                sourceLine: source.line(location.line), suggestion: suggestion))
    }
}
