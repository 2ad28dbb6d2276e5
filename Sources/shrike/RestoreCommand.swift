import ArgumentParser
import CommandOutput
import Daemon

/// `shrike restore`: what a Shrike that was killed could not do.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Take back the audit rules and settings that a killed Shrike left.",
        discussion: """
            Does nothing while a Shrike runs. A Shrike that was started by hand has a process that does this for it when it is \
            killed; the systemd unit runs this command after the service has ended. Needs root or CAP_AUDIT_CONTROL.
            """
    )

    @Option(name: .customLong("key"), help: .hidden)
    var key: String?

    @Flag(name: .customLong("after-sensor"), help: .hidden)
    var followsSensor = false

    func run() throws {
        let status = KernelRestoration.run(key: key, followsSensor: followsSensor)
        if status != .success { throw ExitCode(status.rawValue) }
    }
}
