/// Makes the nodes of a `JSONDocument`: one pass with a stack of open arrays and objects in place of recursion.
struct JSONParser {
    let bytes: [UInt8]
    let depthLimit: Int
    let nodeLimit: Int
    private(set) var nodes: [JSONDocument.Node] = []
    private var position = 0
    private var open: [Int] = []

    init(bytes: [UInt8], depthLimit: Int, nodeLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        self.nodeLimit = nodeLimit
    }

    /// Parses the whole text: one value and nothing behind it.
    mutating func parse() throws(JSONError) {
        try value()
        while let container = open.last {
            skipBlanks()
            let isObject = nodes[container].kind == .object
            let closing = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
            let isFirst = nodes.count == container + 1
            if try peek() == closing {
                position += 1
                close(container)
                continue
            }
            if !isFirst {
                try expect(UInt8(ascii: ","))
                skipBlanks()
            }
            if isObject {
                guard try peek() == UInt8(ascii: "\"") else { throw .unexpectedByte(at: position) }
                try string()
                skipBlanks()
                try expect(UInt8(ascii: ":"))
            }
            try value()
        }
        skipBlanks()
        guard position == bytes.count else { throw .unexpectedByte(at: position) }
    }

    private mutating func value() throws(JSONError) {
        skipBlanks()
        switch try peek() {
        case UInt8(ascii: "{"): try begin(.object)
        case UInt8(ascii: "["): try begin(.array)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true", .bool)
        case UInt8(ascii: "f"): try word("false", .bool)
        case UInt8(ascii: "n"): try word("null", .null)
        default: try number()
        }
    }

    private mutating func begin(_ kind: JSONDocument.Kind) throws(JSONError) {
        guard open.count < depthLimit else { throw .tooDeep(at: position) }
        open.append(nodes.count)
        try add(kind, position, position + 1)
        position += 1
    }

    private mutating func close(_ container: Int) {
        open.removeLast()
        nodes[container].end = position
        nodes[container].next = nodes.count
    }

    private mutating func string() throws(JSONError) {
        let start = position + 1
        position = start
        while true {
            let byte = try peek()
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw .unexpectedByte(at: position) }
            position += 1
            if byte == UInt8(ascii: "\\") { try escape() }
        }
        try add(.string, start, position)
        position += 1
    }

    private mutating func escape() throws(JSONError) {
        switch try peek() {
        case UInt8(ascii: "u"):
            for offset in 1...4 {
                guard position + offset < bytes.count else { throw .unexpectedEnd }
                guard JSONText.hexadecimalDigit(bytes[position + offset]) != nil else {
                    throw .unexpectedByte(at: position + offset)
                }
            }
            position += 5
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        default: throw .unexpectedByte(at: position)
        }
    }

    private mutating func number() throws(JSONError) {
        let start = position
        if try peek() == UInt8(ascii: "-") { position += 1 }
        if try peek() == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if try peek() == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        try add(.number, start, position)
    }

    private mutating func digits() throws(JSONError) {
        let first = try peek()
        guard first >= 0x30, first <= 0x39 else { throw .unexpectedByte(at: position) }
        while position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 { position += 1 }
    }

    private mutating func word(_ text: StaticString, _ kind: JSONDocument.Kind) throws(JSONError) {
        let count = text.utf8CodeUnitCount
        guard bytes.count - position >= count else { throw .unexpectedEnd }
        guard text.withUTF8Buffer({ bytes[position..<position + count].elementsEqual($0) }) else {
            throw .unexpectedByte(at: position)
        }
        try add(kind, position, position + count)
        position += count
    }

    private mutating func add(_ kind: JSONDocument.Kind, _ start: Int, _ end: Int) throws(JSONError) {
        guard nodes.count < nodeLimit else { throw .tooLarge(at: position) }
        nodes.append(JSONDocument.Node(kind: kind, start: start, end: end, next: nodes.count + 1))
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw .unexpectedEnd }
        return bytes[position]
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard try peek() == byte else { throw .unexpectedByte(at: position) }
        position += 1
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }
}
