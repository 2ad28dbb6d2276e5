import FuzzChecks

/// Any bytes that are taken for a recording are replayed or refused, never with a crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRecording(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    RecordingCheck.check(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
