import CBPFRecords

@testable import BPFRuntime

/// Keys and verdicts for tests of the filter: alternatives are bits 0 to 63.
extension BPFSession {
    static func bits(_ low: UInt64) -> shrike_bits { shrike_bits(word: (low, 0, 0, 0)) }
    static func verdict(set: UInt64 = 0, keep: UInt64 = .max) -> shrike_verdict {
        shrike_verdict(set: bits(set), keep: shrike_bits(word: (keep, .max, .max, .max)))
    }

    func setValue(_ slot: Int, _ dimension: shrike_dimension, _ value: UInt64, _ verdict: shrike_verdict) throws {
        let key = shrike_value_key(
            slot: UInt16(slot), dimension: UInt16(dimension.rawValue), reserved: 0, value: value)
        try set(key, verdict)
    }
    func setText(_ slot: Int, _ dimension: shrike_dimension, _ text: String, _ verdict: shrike_verdict) throws {
        let bytes = Array(text.utf8)
        var key = hashKey
        try setValue(slot, dimension, shrike_hash(&key, bytes, UInt32(bytes.count)), verdict)
    }
    func setPrefix(_ slot: Int, _ dimension: shrike_dimension, _ bytes: [UInt8], bits: Int, _ verdict: shrike_verdict)
        throws
    {
        var key = shrike_prefix_key()
        key.bits = UInt32(32 + bits)
        key.slot = UInt16(slot)
        key.dimension = UInt16(dimension.rawValue)
        withUnsafeMutableBytes(of: &key.bytes) { for (index, byte) in bytes.enumerated() { $0[index] = byte } }
        try set(key, verdict)
    }
    func setFourBytes(_ slot: Int, _ text: String, _ verdict: shrike_verdict) throws {
        let value = text.utf8.prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let hint = Int(shrike_hint(value))
        fourBytesHint[hint / 64] |= 1 << UInt64(hint % 64)
        try setValue(slot, SHRIKE_BY_FOUR_BYTES, UInt64(value), verdict)
    }
}
