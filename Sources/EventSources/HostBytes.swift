extension Span<UInt8> {
    /// An integer in the machine's own byte order, as the kernel writes its structures; nil past the end.
    func hostInteger<T: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: T.Type) -> T? {
        guard offset >= 0, offset <= count - MemoryLayout<T>.size else { return nil }
        // The range is within the span; integers have no invalid bit patterns.
        return unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }
}
