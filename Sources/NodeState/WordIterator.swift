/// The words of a text in which each ends with a NUL.
package struct WordIterator: Sequence, IteratorProtocol {
    private let words: [UInt8]
    private var position = 0

    /// Of a text.
    package init(_ words: [UInt8]) { self.words = words }

    /// The next word, without the NUL; the last one's may be missing.
    package mutating func next() -> ArraySlice<UInt8>? {
        guard position < words.count else { return nil }
        let end = words[position...].firstIndex(of: 0) ?? words.count
        defer { position = end + 1 }
        return words[position..<end]
    }
}
