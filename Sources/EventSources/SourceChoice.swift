public import EventModel

/// Which sources the user asked for.
public enum SourceChoice: Sendable, Equatable {
    /// The best that work here.
    case auto
    /// These; none other.
    case only([SourceKind])

    /// Sources that can be asked for; a log and replayed files are chosen by naming the file.
    private static let live: [SourceKind] = [.audit, .processConnector, .procfs, .fanotify, .ebpf]
    /// What `proc` stands for: everything but audit and eBPF.
    public static let processSources: [SourceKind] = [.processConnector, .procfs, .fanotify]

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
            } else if word == "scan" {
                named = [.procfs]
            } else if let kind = Self.live.first(where: { $0.name == word && $0 != .procfs }) {
                named = [kind]
            } else {
                throw SourceChoiceError(word: String(word))
            }
            kinds += named.filter { !kinds.contains($0) }
        }
        self = .only(kinds)
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
            + "audit, connector, scan, fanotify, ebpf"
    }
}
