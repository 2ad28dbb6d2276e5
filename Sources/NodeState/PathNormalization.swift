/// Textual path arithmetic as the Falco rule language defines it: no symbolic link is looked at.
enum PathNormalization {
    /// Adds `base` joined with `path` in normal form: one slash between components, no `.`, no `..`, none at the end.
    /// An absolute path leaves the base out. A path of more than 1024 bytes becomes `/DIR_TOO_LONG/FILENAME_TOO_LONG`.
    static func append(_ path: ArraySlice<UInt8>, base: ArraySlice<UInt8>, into text: inout [UInt8]) {
        let slash = UInt8(ascii: "/")
        let isAbsolute = path.first == slash
        guard path.count + (isAbsolute ? 0 : base.count + 1) <= limit else {
            text.append("/DIR_TOO_LONG/FILENAME_TOO_LONG")
            return
        }
        let start = text.count
        // What stands before the first slash of a base that is no absolute path (`<UNKNOWN>`) can't be climbed over.
        var floor = start
        if !isAbsolute {
            if base.first == slash {
                appendComponents(base, floor: start, into: &text)
            } else {
                let marker = base.prefix { $0 != slash }
                text.append(contentsOf: marker)
                floor = text.count
                appendComponents(base.dropFirst(marker.count), floor: floor, into: &text)
            }
        }
        appendComponents(path, floor: floor, into: &text)
        if text.count == start { text.append(slash) }
    }

    /// The longest path that is normalised.
    static let limit = 1024
    /// Stands for a base that is not known.
    static let unknownBase: [UInt8] = Array("<UNKNOWN>".utf8)

    private static func appendComponents(_ path: ArraySlice<UInt8>, floor: Int, into text: inout [UInt8]) {
        let slash = UInt8(ascii: "/")
        var index = path.startIndex
        while index < path.endIndex {
            if path[index] == slash {
                index += 1
                continue
            }
            let start = index
            while index < path.endIndex, path[index] != slash { index += 1 }
            let component = path[start..<index]
            if component.count == 1, component.first == UInt8(ascii: ".") { continue }
            if component.count == 2, component.allSatisfy({ $0 == UInt8(ascii: ".") }) {
                while text.count > floor, text.popLast() != slash {}
                continue
            }
            text.append(slash)
            text.append(contentsOf: component)
        }
    }
}
