import EventModel

/// What an event shows of its workload's behaviour, as texts in memory that is used again for the next event.
///
///     behaviours.reset()
///     let mark = behaviours.mark
///     behaviours.text.append(canonical: path)
///     behaviours.add(.exec, from: mark)
public struct EventBehaviours: Sendable {
    /// One behaviour of the event.
    struct Item: Sendable {
        var kind: BehaviourKind
        var text: Range<Int>
        var key: UInt64
        /// Whether the profile lacks it.
        var isUnknown = false
        /// Whether it is to be told.
        var isTold = false
        /// Whether a judged process brought it, and it is not to be told: if nothing speaks against this one, it becomes known.
        var isShared = false
    }

    /// The texts; a behaviour's is appended, then closed with `add`.
    public var text: [UInt8] = []
    var items: [Item] = []
    /// Memory for wider texts.
    var scratch: [UInt8] = []

    /// No behaviours yet.
    public init() {
        text.reserveCapacity(4096)
        scratch.reserveCapacity(1024)
        items.reserveCapacity(8)
    }

    /// Forgets the event before; the memory stays.
    public mutating func reset() {
        text.removeAll(keepingCapacity: true)
        items.removeAll(keepingCapacity: true)
    }

    /// Whether there are none.
    public var isEmpty: Bool { items.isEmpty }

    /// Where the next text begins.
    public var mark: Int { text.count }

    /// Bytes of a text that count; longer ones that begin alike are one behaviour.
    static let longestText = 1024

    /// Closes the text that was appended since a mark.
    public mutating func add(_ kind: BehaviourKind, from mark: Int) {
        guard mark >= 0, mark < text.count else { return }
        if text.count - mark > Self.longestText { text.removeSubrange((mark + Self.longestText)...) }
        let range = mark..<text.count
        items.append(Item(kind: kind, text: range, key: BehaviourTable.key(kind, text, range)))
    }

    /// Adds the form of a program's arguments, each of which is followed by a NUL; nothing for a program without.
    public mutating func addArguments(
        of program: [UInt8], _ arguments: [UInt8], _ generalisation: Generalisation
    ) {
        guard !arguments.isEmpty else { return }
        let start = mark
        generalisation.append(path: program[...], to: &text)
        ArgumentShape.append(arguments, to: &text)
        add(.arguments, from: start)
    }

    /// The texts of the behaviours that are to be told, and those that aren't known.
    public var unknown: [(kind: BehaviourKind, text: String)] {
        items.filter { $0.isUnknown || $0.isTold }.map { ($0.kind, String(decoding: text[$0.text], as: UTF8.self)) }
    }
}
