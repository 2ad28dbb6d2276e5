public import EventModel

/// What a recording tells of the run as a whole.
public struct RecordingHeader: Sendable, Equatable {
    /// The node's name, as alerts show it.
    public var hostname: [UInt8]
    /// What stands before the host's paths (`NodeStateOptions.hostRoot`).
    public var hostRoot: [UInt8]
    /// When the machine booted, nanoseconds since the epoch.
    public var bootTimeNanoseconds: UInt64
    /// Which source the rules saw each type of event from, by `SourceKind.rawValue`.
    public var authorities: [EventTypeSet]

    /// A header of these.
    public init(hostname: [UInt8], hostRoot: [UInt8], bootTimeNanoseconds: UInt64, authorities: [EventTypeSet]) {
        self.hostname = hostname
        self.hostRoot = hostRoot
        self.bootTimeNanoseconds = bootTimeNanoseconds
        self.authorities = authorities
    }

    /// What each recording begins with. The number is the form's: a reader takes its own only.
    static let magic = Array("shrike recording ".utf8)
    static let version = Array("1\n".utf8)

    func encode(into encoder: inout RecordingEncoder) {
        encoder.append(raw: Self.magic)
        encoder.append(raw: Self.version)
        encoder.append(text: hostname)
        encoder.append(text: hostRoot)
        encoder.append(bootTimeNanoseconds)
        // Types by name: another version may number them otherwise.
        encoder.append(UInt64(EventType.count))
        for type in EventType.all { encoder.append(text: type.name.utf8) }
        encoder.append(UInt64(authorities.count))
        for set in authorities {
            encoder.append(UInt64(set.types.count))
            for type in set.types { encoder.append(UInt64(type.index)) }
        }
    }

    /// A header, and the types by the numbers that the recording has for them; nil for those that this version doesn't know.
    static func decode(_ decoder: inout RecordingDecoder) throws(RecordingError) -> (RecordingHeader, [EventType?]) {
        guard try decoder.raw(magic.count).elementsEqual(magic) else { throw .noRecording }
        guard try decoder.raw(version.count).elementsEqual(version) else { throw .otherVersion }
        let hostname = Array(try decoder.text())
        let hostRoot = Array(try decoder.text())
        let bootTime = try decoder.number()
        var types: [EventType?] = []
        for _ in 0..<(try decoder.count()) {
            types.append(EventType(name: String(decoding: try decoder.text(), as: UTF8.self)))
        }
        var authorities: [EventTypeSet] = []
        for _ in 0..<(try decoder.count()) {
            var set = EventTypeSet()
            for _ in 0..<(try decoder.count()) {
                let index = try decoder.number()
                guard index < types.count else { throw .damaged }
                if let type = types[Int(index)] { set.insert(type) }
            }
            authorities.append(set)
        }
        let header = RecordingHeader(
            hostname: hostname, hostRoot: hostRoot, bootTimeNanoseconds: bootTime, authorities: authorities)
        return (header, types)
    }
}
