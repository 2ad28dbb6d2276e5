/// Writes compact JSON into bytes. Commas are its business; that keys and values alternate is the caller's.
public struct JSONWriter: Sendable {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []

    /// An empty writer.
    public init() {}

    /// A writer that continues an array of bytes whose end is where a value may stand.
    public init(continuing bytes: [UInt8]) { self.bytes = bytes }

    /// Forgets what was written; the memory stays.
    public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Opens an object.
    public mutating func beginObject() {
        separate()
        bytes.append(UInt8(ascii: "{"))
    }
    /// Closes the innermost object.
    public mutating func endObject() { bytes.append(UInt8(ascii: "}")) }
    /// Opens an array.
    public mutating func beginArray() {
        separate()
        bytes.append(UInt8(ascii: "["))
    }
    /// Closes the innermost array.
    public mutating func endArray() { bytes.append(UInt8(ascii: "]")) }

    /// Writes the key of the value that follows.
    public mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
    }

    /// Writes text.
    public mutating func string(_ text: String) { string(Array(text.utf8)) }
    /// Writes text of bytes that need not be UTF-8.
    public mutating func string(_ text: [UInt8]) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.appendEscaped(text)
        bytes.append(UInt8(ascii: "\""))
    }
    /// Writes a whole number.
    public mutating func number(_ value: some BinaryInteger) { raw(String(value)) }
    /// Writes a floating-point number; JSON has no infinity and no NaN, so they are null.
    public mutating func number(_ value: Double) { raw(value.isFinite ? "\(value)" : "null") }
    /// Writes a truth value.
    public mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }
    /// Writes null.
    public mutating func null() { raw("null") }
    /// Writes an array of texts.
    public mutating func strings(_ texts: some Sequence<String>) {
        beginArray()
        for text in texts { string(text) }
        endArray()
    }

    /// Writes a member of an object: text.
    public mutating func member(_ name: String, _ text: String) {
        key(name)
        string(text)
    }
    /// Writes a member: text as bytes.
    public mutating func member(_ name: String, _ text: [UInt8]) {
        key(name)
        string(text)
    }
    /// Writes a member: an array of texts.
    public mutating func member(_ name: String, _ texts: [String]) {
        key(name)
        strings(texts)
    }
    /// Writes a member: a whole number.
    public mutating func member(_ name: String, _ value: some BinaryInteger) {
        key(name)
        number(value)
    }
    /// Writes a member: a truth value.
    public mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// Writes an object, with what the closure writes in it.
    public mutating func object(_ write: (inout JSONWriter) -> Void) {
        beginObject()
        write(&self)
        endObject()
    }

    /// Writes a value that is JSON already.
    public mutating func encoded(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    private mutating func raw(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    /// A value that follows a value needs a comma; what came before shows in the last byte, as text ends with a quote.
    private mutating func separate() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: "\n"): break
        default: bytes.append(UInt8(ascii: ","))
        }
    }
}
