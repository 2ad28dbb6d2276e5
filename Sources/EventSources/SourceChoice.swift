public import EventModel

/// Which sources the user asked for.
public enum SourceChoice: Sendable, Equatable {
    /// The best that work here.
    case auto
    /// These; none other.
    case only([SourceKind])

    /// What `proc` stands for: everything but the sources of system calls.
    public static let processSources = SourceTraits.all.filter { $0.coverage != .systemCalls }.map(\.kind)

    /// Reads `auto`, `proc`, or names joined by commas. Throws what is wrong with it.
    public init(_ text: String) throws(SourceChoiceError) {
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map(Self.trimmed)
        if words == ["auto"] {
            self = .auto
            return
        }
        var kinds: [SourceKind] = []
        for word in words {
            let named: [SourceKind]
            if word == "proc" {
                named = Self.processSources
            } else if let source = SourceTraits.all.first(where: { $0.choiceName == word && $0.isAutomatic }) {
                named = [source.kind]
            } else {
                throw SourceChoiceError(word: String(word))
            }
            kinds += named.filter { !kinds.contains($0) }
        }
        self = .only(kinds)
    }

    /// Whether this source may run.
    public func mayBe(_ kind: SourceKind) -> Bool {
        switch self {
        case .auto: true
        case .only(let kinds): kinds.contains(kind)
        }
    }

    private static func trimmed(_ word: Substring) -> Substring {
        var rest = word.drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}

/// A source's name that is none.
public struct SourceChoiceError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was written.
    public let word: String

    /// What is wrong and what was expected.
    public var description: String {
        "'\(word)' is no event source; expected auto, proc (connector, scan and fanotify together), or a list of "
            + "ebpf, audit, connector, scan, fanotify"
    }
}
