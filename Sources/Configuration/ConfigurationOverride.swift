import RuleLanguage
import YAMLTree

/// A `-o KEY=VALUE` of the command line. Dots separate levels, `[2]` picks an element of a sequence, `[]` adds one, and a
/// backslash takes the meaning from `.`, `[`, `]` and itself. A value that begins with `{` or `[` is YAML.
struct ConfigurationOverride: Sendable {
    /// One step from a value to a part of it.
    enum Step: Sendable, Equatable {
        case key(String)
        case element(Int)
        case newElement
    }

    /// What is wrong with an override.
    struct Problem: Error {
        var message: String
    }

    /// More levels than any key has.
    private static let levelLimit = 32

    let steps: [Step]
    let value: Setting
    let location: SourceLocation

    /// Whether it says which files are included.
    var includesFiles: Bool { steps.first == .key("config_files") }

    /// Reads an override; `location` is what messages name as its place.
    init(_ text: String, location: SourceLocation) throws(Problem) {
        guard let equals = text.firstIndex(of: "=") else {
            throw Problem(message: "'\(text)' has no '='; expected KEY=VALUE, e.g. json_output=true")
        }
        self.location = location
        steps = try Self.steps(of: text[..<equals])
        let written = String(text[text.index(after: equals)...])
        if written.hasPrefix("{") || written.hasPrefix("[") {
            do {
                let documents = try YAMLDocument.parse(text: written)
                guard let first = documents.first else { throw Problem(message: "the value is empty") }
                value = Setting(first, file: location.file).moved(to: location)
            } catch let error as YAMLSyntaxError {
                throw Problem(message: "the value of '\(text[..<equals])' is no YAML: \(error.message)")
            } catch {
                throw Problem(message: "the value of '\(text[..<equals])' is empty")
            }
        } else {
            value = Setting(content: .scalar(written), location: location)
        }
    }

    /// Changes a tree as the override says; what is missing on the way is made.
    func apply(to tree: inout Setting) throws(Problem) {
        try apply(steps[...], to: &tree)
    }

    private func apply(_ steps: ArraySlice<Step>, to setting: inout Setting) throws(Problem) {
        guard let step = steps.first else {
            setting = value
            return
        }
        let rest = steps.dropFirst()
        var child = Setting(content: .null, location: location)
        switch step {
        case .key(let key):
            if case .sequence = setting.content {
                throw Problem(message: "'\(key)' is applied to a sequence; expected [INDEX] or []")
            }
            if let present = setting[key] { child = present }
            try apply(rest, to: &child)
            setting.set(Setting.Entry(key: key, keyLocation: location, value: child))
        case .element, .newElement:
            var elements: [Setting] = []
            switch setting.content {
            case .sequence(let present): elements = present
            case .null: break
            case .scalar, .mapping: throw Problem(message: "[] is applied to something that is no sequence")
            }
            var index = elements.count
            if case .element(let written) = step { index = written }
            guard index <= elements.count else {
                throw Problem(message: "there is no element [\(index)]; the sequence has \(elements.count)")
            }
            if index < elements.count { child = elements[index] } else { elements.append(child) }
            try apply(rest, to: &child)
            elements[index] = child
            setting.content = .sequence(elements)
        }
    }

    private static func steps(of path: Substring) throws(Problem) -> [Step] {
        var steps: [Step] = []
        var name = ""
        var isNamePending = true  // Whether the text so far must become a key.
        var rest = path
        func malformed(_ reason: String) -> Problem { Problem(message: "'\(path)' is no key: \(reason)") }
        func finishName() throws(Problem) {
            guard isNamePending else { return }
            guard !name.isEmpty else { throw malformed("a name between dots is empty") }
            steps.append(.key(name))
            name = ""
        }
        while let character = rest.popFirst() {
            switch character {
            case "\\" where isNamePending:
                guard let escaped = rest.popFirst() else { throw malformed("it ends in a backslash") }
                guard ".[]\\".contains(escaped) else {
                    throw malformed("'\\\(escaped)' is no escape; there are '\\.', '\\[', '\\]' and '\\\\'")
                }
                name.append(escaped)
            case ".":
                try finishName()
                isNamePending = true
            case "[":
                try finishName()
                isNamePending = false
                guard let end = rest.firstIndex(of: "]") else { throw malformed("a '[' is not closed") }
                let index = rest[..<end]
                rest = rest[rest.index(after: end)...]
                if index.isEmpty {
                    steps.append(.newElement)
                } else if let number = Int(index), number >= 0 {
                    steps.append(.element(number))
                } else {
                    throw malformed("'[\(index)]' is no index")
                }
            default:
                guard isNamePending else { throw malformed("a '.' or '[' must follow ']'") }
                name.append(character)
            }
        }
        try finishName()
        guard steps.count <= levelLimit else { throw malformed("it has more than \(levelLimit) levels") }
        return steps
    }
}

extension Setting {
    /// The same value, all of it at another place.
    fileprivate func moved(to location: SourceLocation) -> Setting {
        var moved = Setting(content: content, location: location)
        switch content {
        case .null, .scalar: break
        case .sequence(let elements): moved.content = .sequence(elements.map { $0.moved(to: location) })
        case .mapping(let entries):
            moved.content = .mapping(
                entries.map { Entry(key: $0.key, keyLocation: location, value: $0.value.moved(to: location)) })
        }
        return moved
    }
}
