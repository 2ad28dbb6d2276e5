import ArgumentParser
import Daemon

/// Options of the commands that watch this node: for how long, and beside whom.
struct WatchFlags: ParsableArguments {
    @Option(name: .customShort("M"), help: ArgumentHelp("Stop after this many seconds.", valueName: "seconds"))
    var stopAfterSeconds: Int?

    @Flag(
        name: .customLong("beside"),
        help: "Run beside the Shrike that watches this node: rules of its own, and a copy of the events.")
    var isBeside = false

    @Option(
        name: .customLong("wait"),
        help: ArgumentHelp("Wait so long for the end of a Shrike that runs already.", valueName: "seconds"))
    var waitSeconds = 0

    func validate() throws {
        if let seconds = stopAfterSeconds, seconds < 0 {
            throw ValidationError("-M takes a number of seconds, found '\(seconds)'.")
        }
        if waitSeconds < 0 { throw ValidationError("--wait takes a number of seconds, found '\(waitSeconds)'.") }
    }

    /// Says so in a run's options.
    func add(to options: inout RunOptions) {
        options.stopAfterSeconds = stopAfterSeconds
        options.isBeside = isBeside
        options.waitSeconds = waitSeconds
    }
}
