/// The parts of an image's name (distribution reference grammar: `[HOST[:PORT]/]PATH[:TAG][@DIGEST]`).
struct ImageReference: Equatable {
    var repository: [UInt8] = []
    var tag: [UInt8] = []
    var digest: [UInt8] = []
    /// For a bare `sha256:…` (an image without a name): the id.
    var id: [UInt8] = []

    init(_ text: ArraySlice<UInt8>) {
        if text.begins(with: "sha256:") {
            id = Array(text.dropFirst(7))
            return
        }
        var name = text
        if let at = text.firstIndex(of: UInt8(ascii: "@")) {
            digest = Array(text[(at + 1)...])
            name = text[..<at]
        }
        let lastSlash = name.lastIndex(of: UInt8(ascii: "/")) ?? name.startIndex
        // A colon before the last slash belongs to the registry's port.
        if let colon = name[lastSlash...].lastIndex(of: UInt8(ascii: ":")) {
            tag = Array(name[(colon + 1)...])
            name = name[..<colon]
        }
        repository = Array(name)
        if tag.isEmpty, digest.isEmpty, !repository.isEmpty { tag = Array("latest".utf8) }
    }
}
