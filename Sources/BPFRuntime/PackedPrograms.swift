import KernelInterface

/// Unpacks what the build embedded.
enum PackedPrograms {
    /// No object of ours is larger.
    private static let maximumSize = 8 << 20

    /// The object file: base64 (RFC 4648), then gzip; nil when it is damaged.
    static func unpack(_ text: StaticString) -> [UInt8]? {
        let packed = text.withUTF8Buffer { decodeBase64($0) }
        guard let packed, var inflater = GzipInflater() else { return nil }
        var object: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var position = 0
        while object.count < maximumSize {
            var consumed = 0
            var produced = 0
            let outcome = packed.withUnsafeBytes { input in
                chunk.withUnsafeMutableBytes { output in
                    inflater.inflate(
                        UnsafeRawBufferPointer(rebasing: input[position...]), into: output, consumed: &consumed,
                        produced: &produced
                    )
                }
            }
            object.append(contentsOf: chunk.prefix(produced))
            position += consumed
            switch outcome {
            case .memberEnd: return object
            case .more where consumed > 0 || produced > 0: continue
            default: return nil
            }
        }
        return nil
    }

    private static func decodeBase64(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        for character in text {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="): continue
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }
}
