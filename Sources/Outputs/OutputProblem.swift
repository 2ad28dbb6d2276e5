/// Something about a channel that its operator must know.
public struct OutputProblem: Sendable, Equatable {
    /// What it is.
    public enum Kind: Sendable, Equatable {
        /// Deliveries fail, for the reason given; alerts wait, or are lost where nothing is kept.
        case failing(String)
        /// The reader has taken nothing for so many milliseconds, and so many alerts wait.
        case stalled(milliseconds: UInt64, waiting: Int)
        /// So many alerts were lost since the last time that this was told.
        case lost(UInt64)
        /// Deliveries go on.
        case recovered
    }

    /// The channel's name.
    public let output: String
    /// What it is.
    public let kind: Kind

    /// The sentence for the log.
    public var message: String {
        switch kind {
        case .failing(let reason): "output \(output): \(reason)"
        case .stalled(let milliseconds, let waiting):
            "output \(output): its reader has taken nothing for \(milliseconds / 1000) s; \(waiting) alerts wait, and when no more "
                + "fit the least severe are lost"
        case .lost(let count): "output \(output): \(count) alerts were lost there"
        case .recovered: "output \(output) works again"
        }
    }
}
