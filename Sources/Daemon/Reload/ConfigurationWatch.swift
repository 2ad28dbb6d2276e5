import Glibc

/// Tells that a configuration or rules file has changed, by what the file system says of the files: so an editor's rename, a
/// ConfigMap's swapped link and a file that comes or goes are all the same, and nothing can be missed.
struct ConfigurationWatch {
    /// What tells one content of a file from another; nil where there is no file.
    private struct Mark: Equatable {
        var path: String
        var device: UInt64 = 0
        var inode: UInt64 = 0
        var size: Int64 = 0
        var changeSeconds: Int = 0
        var changeNanoseconds: Int = 0
    }

    private var paths: [String] = []
    private let files: any ConfigurationFiles
    /// The files in use.
    private var used: [Mark] = []
    /// The files at the last look.
    private var seen: [Mark] = []

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
        paths += configuration.rulesFiles ?? []
        used = marks()
        seen = used
    }

    /// Whether the files are others than those in use, and have been the same for two looks.
    mutating func hasChanged() -> Bool {
        let now = marks()
        defer { seen = now }
        return now != used && now == seen
    }

    private func marks() -> [Mark] {
        paths.flatMap { path in
            let expanded = files.expand(path)
            return (expanded.isEmpty ? [path] : expanded).map { file in
                var mark = Mark(path: file)
                var status = stat()
                guard stat(file, &status) == 0 else { return mark }
                mark.device = UInt64(status.st_dev)
                mark.inode = UInt64(status.st_ino)
                mark.size = Int64(status.st_size)
                mark.changeSeconds = status.st_ctim.tv_sec
                mark.changeNanoseconds = status.st_ctim.tv_nsec
                return mark
            }
        }
    }
}
