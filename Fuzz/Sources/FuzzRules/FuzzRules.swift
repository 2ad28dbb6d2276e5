import RuleFiles

/// A rules file of any bytes is read with diagnostics or without, never with a crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRules(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    _ = RuleFileReader.read(bytes: Array(UnsafeBufferPointer(start: data, count: count)))
    return 0
}
