import Profiles

/// A profile of any bytes is read or refused, never with a crash; what is read is written as something that is read as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProfiles(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard var profile = try? ProfileDocument.read(bytes) else { return 0 }
    let text = ProfileDocument.text(of: profile)
    guard let again = try? ProfileDocument.read(Array(text.utf8)), ProfileDocument.text(of: again) == text else {
        // A trap is what libFuzzer takes for a finding.
        fatalError("a profile is not read as it was written:\n\(text)")
    }
    _ = profile.state(ProfileSettings())
    profile.merge(again)
    _ = ProfileDifference(profile, again)
    return 0
}
