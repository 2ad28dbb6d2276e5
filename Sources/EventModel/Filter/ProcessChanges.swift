/// What can happen to a process that makes a fact about it another one, so that what was found out for it (`ResidualProgram`) is
/// void and has to be found out again.
public struct ProcessChanges: OptionSet, Sendable, Hashable {
    /// One bit for each.
    public let rawValue: UInt16
    /// From the bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// It executes another program.
    public static let program = ProcessChanges(rawValue: 1)
    /// One of its threads gets another command name (prctl(2) PR_SET_NAME, a write to `/proc/PID/comm`).
    public static let command = ProcessChanges(rawValue: 2)
    /// One of its threads gets other user or group ids.
    public static let credentials = ProcessChanges(rawValue: 4)
    /// One of its threads gets other capabilities.
    public static let capabilities = ProcessChanges(rawValue: 8)
    /// It gets another login user id.
    public static let login = ProcessChanges(rawValue: 16)
    /// It is moved to another control group, or enters other namespaces: it may be in another container.
    public static let container = ProcessChanges(rawValue: 32)
    /// It gets another parent, or its parent executes another program or gets another command name.
    public static let parent = ProcessChanges(rawValue: 64)
    /// The same of any of its ancestors.
    public static let ancestors = ProcessChanges(rawValue: 128)
    /// The files of user and group names change.
    public static let accounts = ProcessChanges(rawValue: 256)

    /// All of them.
    public static let all = ProcessChanges(rawValue: 0x1ff)
}
