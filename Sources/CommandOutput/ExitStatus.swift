/// What the program tells its caller at its end.
public enum ExitStatus: Int32, Sendable {
    /// It did what was asked; also after an orderly stop.
    case success = 0
    /// The rules or the configuration are not valid, an output can't be opened, or an input could not be read to its end.
    case invalid = 1
    /// The command line is not valid.
    case usage = 2
    /// No event source works: a permission is missing, or the kernel lacks what is needed.
    case cannotWatch = 3
    /// A part of the daemon was ended, and the service manager is to start it again as a whole.
    case incomplete = 4
    /// Another Shrike watches this node.
    case alreadyWatched = 5
}
