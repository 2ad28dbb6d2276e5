/// The names by which rules may know the file that an event opens, besides the one that its descriptor has: what was asked for,
/// its place outside the process' root directory, the name that rules have for its inode.
struct OtherNames {
    private static let limit = 3
    private var names: [[UInt8]] = Array(repeating: [], count: limit)
    private var count = 0
    /// How many were shown; names before it hold what the descriptor had then.
    private var shown = 0

    /// Forgets them; the memory stays.
    mutating func removeAll() { (count, shown) = (0, 0) }

    /// Adds a name, unless the descriptor has it already or it is among them.
    mutating func add(_ name: ArraySlice<UInt8>, besides own: [UInt8]) {
        guard count < Self.limit, !name.isEmpty, !own[...].elementsEqual(name),
            !names[..<count].contains(where: { $0.elementsEqual(name) })
        else { return }
        names[count].replace(with: name)
        count += 1
    }

    /// Exchanges the descriptor's name for the next one; false when there is none.
    mutating func show(in name: inout [UInt8]) -> Bool {
        guard shown < count else { return false }
        swap(&name, &names[shown])
        shown += 1
        return true
    }

    /// Gives the descriptor its own name back.
    mutating func restore(_ name: inout [UInt8]) {
        while shown > 0 {
            shown -= 1
            swap(&name, &names[shown])
        }
        count = 0
    }
}
