import ArgumentParser
import Configuration
import EventSources

/// The option that says which event sources to use.
struct SourceFlags: ParsableArguments {
    @Option(
        name: .customLong("source"),
        help: ArgumentHelp(
            "Event source: auto, ebpf, audit, proc (all of connector, scan, fanotify) or audit-log; repeatable.",
            discussion: "Default: what shrike.sources says, else auto.",
            valueName: "name"))
    var names: [String] = []

    func validate() throws {
        _ = try choice
    }

    /// What it asks for; nil when it isn't given.
    var choice: SourceChoice? {
        get throws {
            if names.isEmpty { return nil }
            do throws(SourceChoiceError) {
                return try SourceChoice(names: names)
            } catch {
                throw ValidationError("--source: \(error), audit-log.")
            }
        }
    }
}
