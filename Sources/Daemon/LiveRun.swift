/// Watches this node: sources, node state, rules, outputs, from start to stop.
public enum LiveRun {
    /// Runs until it is told to stop.
    public static func run(_ options: RunOptions) -> ExitStatus { .cannotWatch }
}
