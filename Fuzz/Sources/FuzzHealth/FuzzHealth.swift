import FuzzChecks

/// Any bytes at the health server's socket are read as a request or refused, never with a crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHealth(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    HTTPRequestCheck.check(Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
