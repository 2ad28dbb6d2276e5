import FuzzChecks

/// Records of the ring buffer of any bytes become events or are counted, never a crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBPF(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    BPFRecordCheck.decode(Array(UnsafeBufferPointer(start: data, count: count)).span)
    return 0
}
