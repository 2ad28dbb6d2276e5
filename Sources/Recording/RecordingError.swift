public import KernelInterface

/// Why a recording can't be read, or read on.
public enum RecordingError: Error, Sendable, CustomStringConvertible {
    /// The file can't be read.
    case system(KernelError)
    /// It is something else.
    case noRecording
    /// Another version of Shrike wrote it in another form.
    case otherVersion
    /// It ends in the middle: the run that wrote it was killed, or is still at it.
    case cut
    /// It says what no recording says.
    case damaged
    /// There is not enough memory to unpack it.
    case noMemory

    /// What is wrong, for messages.
    public var description: String {
        switch self {
        case .system(let error): error.description
        case .noRecording: "it is no recording of Shrike"
        case .otherVersion: "another version of Shrike wrote it in another form; replay it with that version"
        case .cut: "it ends in the middle: what wrote it was killed, or is still at it"
        case .damaged: "it is damaged"
        case .noMemory: "there is not enough memory to unpack it"
        }
    }
}
