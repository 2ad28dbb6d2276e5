import FuzzChecks

/// Any bytes that are taken for a program are looked at or refused, never with a crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPrograms(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    ProgramCallsCheck.check(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
