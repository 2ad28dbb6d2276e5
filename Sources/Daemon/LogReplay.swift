/// Evaluates the rules over audit logs.
public enum LogReplay {
    /// Reads the logs to their end.
    public static func run(_ options: ReplayOptions) -> ExitStatus { .cannotWatch }
}
