import ArgumentParser
import CommandOutput
import Configuration
import Reports

/// `shrike profile key`.
struct ProfileKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make a pair of keys for signing profiles (Ed25519).")

    @Argument(help: ArgumentHelp("The secret key's file; the public one's has .pub behind it.", valueName: "file"))
    var file: String

    func run() throws {
        try ProfileCommand.show { () throws(ProfileReport.Failure) in try ProfileReport.makeKey(file) }
    }
}

/// `shrike profile sign`.
struct ProfileSignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a profile that was reviewed, so that nodes with the public key take it as it is.")

    @Argument(help: ArgumentHelp("The workload, or a profile's .yaml file.", valueName: "workload"))
    var workload: String
    @Option(name: .customLong("key"), help: ArgumentHelp("The secret key's file.", valueName: "file"))
    var key: String
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            try ProfileReport.sign(configuration, workload, keyFile: key)
        }
    }
}

/// `shrike profile verify`.
struct ProfileVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the signature of a profile.")

    @Argument(help: ArgumentHelp("The workload, or a profile's .yaml file.", valueName: "workload"))
    var workload: String
    @Option(name: .customLong("key"), help: ArgumentHelp("The public key's file.", valueName: "file"))
    var key: String
    @OptionGroup var flags: ProfileFlags

    func run() throws {
        let configuration = try flags.load()
        try ProfileCommand.show { () throws(ProfileReport.Failure) in
            try ProfileReport.verify(configuration, workload, keyFile: key)
        }
    }
}
