import Configuration
import KernelInterface

/// Tells that a configuration or rules file has changed, by what the file system says of the files: so an editor's rename, a
/// ConfigMap's swapped link and a file that comes or goes are all the same, and nothing can be missed.
struct ConfigurationWatch {
    private var paths: [String] = []
    private let files: any ConfigurationFiles
    /// The files in use.
    private var used: [FileMark] = []
    /// The files at the last look.
    private var seen: [FileMark] = []

    /// Watches the files of a configuration and those that it names.
    init(
        _ configuration: Configuration, request: ConfigurationRequest,
        files: any ConfigurationFiles = SystemConfigurationFiles()
    ) {
        self.files = files
        restart(configuration, request: request)
    }

    /// Takes the files as they are now for those in use.
    mutating func restart(_ configuration: Configuration, request: ConfigurationRequest) {
        paths = [request.path ?? ConfigurationRequest.defaultPath] + configuration.files
        paths += (configuration.rulesFiles ?? []) + configuration.ruleTests
        used = marks()
        seen = used
    }

    /// Whether the files are others than those in use, and have been the same for two looks.
    mutating func hasChanged() -> Bool {
        let now = marks()
        defer { seen = now }
        return now != used && now == seen
    }

    private func marks() -> [FileMark] {
        paths.flatMap { path in
            let expanded = files.expand(path)
            return (expanded.isEmpty ? [path] : expanded).map { FileMark($0) }
        }
    }
}
