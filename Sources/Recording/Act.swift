/// What a run did next.
public enum Act: Sendable, Equatable {
    /// It made the node's state.
    case begin
    /// It took an event.
    case event
    /// It told the state the time, nanoseconds since the epoch.
    case tick(UInt64)
    /// It looked at all processes, at that time.
    case scan(UInt64)
    /// It waited for the packages' files.
    case awaitPackages
    /// Sources lost so many events, at that time.
    case loss(UInt64, UInt64)
    /// It sent what was held back and due, at that time of CLOCK_MONOTONIC.
    case due(UInt64)
    /// It sent all that was held back, at that time of CLOCK_MONOTONIC.
    case flush(UInt64)
    /// It went on with other rules.
    case reload
    /// It ended.
    case end
}

/// The byte that an entry begins with.
enum EntryTag: UInt8 {
    case answer, begin, event, tick, scan, awaitPackages, loss, due, flush, reload, end
}

extension RecordingEncoder {
    /// An act; behind that of an event comes the event.
    mutating func append(_ act: Act) {
        func tag(_ tag: EntryTag) { append(raw: [tag.rawValue]) }
        switch act {
        case .begin: tag(.begin)
        case .event: tag(.event)
        case .tick(let time):
            tag(.tick)
            append(time)
        case .scan(let time):
            tag(.scan)
            append(time)
        case .awaitPackages: tag(.awaitPackages)
        case .loss(let count, let time):
            tag(.loss)
            append(count)
            append(time)
        case .due(let time):
            tag(.due)
            append(time)
        case .flush(let time):
            tag(.flush)
            append(time)
        case .reload: tag(.reload)
        case .end: tag(.end)
        }
    }
}

extension RecordingDecoder {
    /// The rest of an act behind its tag; nil for an answer.
    mutating func act(_ tag: EntryTag) throws(RecordingError) -> Act? {
        switch tag {
        case .answer: nil
        case .begin: .begin
        case .event: .event
        case .tick: .tick(try number())
        case .scan: .scan(try number())
        case .awaitPackages: .awaitPackages
        case .loss: .loss(try number(), try number())
        case .due: .due(try number())
        case .flush: .flush(try number())
        case .reload: .reload
        case .end: .end
        }
    }
}
