import ArgumentParser
import ForwarderProtocol

/// `shrike launch`: the process that starts forwarders. A running shrike starts it; it is nothing for users.
struct LaunchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Start the processes that deliver alerts; started by 'shrike run' itself.",
        shouldDisplay: false
    )

    func run() throws {
        let status = ForwarderLauncher.run()
        if status != 0 { throw ExitCode(status) }
    }
}
