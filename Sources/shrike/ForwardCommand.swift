import ArgumentParser
import Forwarder

/// `shrike forward`: the process that delivers alerts over the network. A running shrike starts it; it is nothing for users.
struct ForwardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forward",
        abstract: "Deliver alerts to network outputs; started by 'shrike run' itself.",
        shouldDisplay: false
    )

    func run() throws {
        let status = ForwarderRun.run()
        if status != 0 { throw ExitCode(status) }
    }
}
