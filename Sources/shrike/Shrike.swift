import ArgumentParser

@main
struct Shrike: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrike", abstract: "Runtime security for Linux nodes.")
}
