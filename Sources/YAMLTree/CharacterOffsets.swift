/// Maps the index of a Unicode scalar, which is what libyaml counts, to its byte offset in UTF-8 text.
struct CharacterOffsets {
    private static let stride = 128

    private let bytes: ArraySlice<UInt8>
    /// The byte offset of every `stride`th scalar; empty for ASCII text, where both are the same.
    private var checkpoints: [Int] = []

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        guard bytes.contains(where: { $0 >= 0x80 }) else { return }
        var count = 0
        for index in bytes.indices where bytes[index] & 0xC0 != 0x80 {
            if count % Self.stride == 0 { checkpoints.append(index - bytes.startIndex) }
            count += 1
        }
    }

    /// The offset of a scalar from the slice's first byte; the end for an index past the last.
    func byte(ofCharacter index: Int) -> Int {
        guard index >= 0 else { return 0 }
        guard !checkpoints.isEmpty else { return min(index, bytes.count) }
        let checkpoint = min(index / Self.stride, checkpoints.count - 1)
        var remaining = index - checkpoint * Self.stride
        var at = bytes.startIndex + checkpoints[checkpoint]
        while at < bytes.endIndex, remaining > 0 {
            at += 1
            while at < bytes.endIndex, bytes[at] & 0xC0 == 0x80 { at += 1 }
            remaining -= 1
        }
        return at - bytes.startIndex
    }
}
