import Configuration

/// What `shrike run` is asked to do.
public struct RunOptions: Sendable {
    /// Where the configuration comes from; loading it again is a reload.
    public var request: ConfigurationRequest
    /// The configuration as it was loaded, without errors.
    public var configuration: Configuration
    /// Where relative paths start, for as long as the run lasts.
    public let directory = FileTrust.currentDirectory
    /// Stop after this time; nil: only when told.
    public var stopAfterSeconds: Int?
    /// Write each alert at once.
    public var isUnbuffered = false
    /// Log debugging remarks too.
    public var isVerbose = false
    /// Prepare everything, say what would be watched, and stop before the kernel is changed.
    public var isDryRun = false
    /// Run beside the node's Shrike, with audit rules of its own, and listen to a copy of the events.
    public var isBeside = false
    /// How long to wait for the end of one that runs already, in seconds.
    public var waitSeconds = 0
    /// Write the process id to this file, and remove it at the end.
    public var pidFile: String?
    /// Write down what is seen.
    public var recording: Recording?

    /// Where a run is written down.
    public struct Recording: Sendable {
        /// A file that is not there yet.
        public var path: String
        /// How large it may become.
        public var limitMebibytes: Int

        /// A recording in this file.
        public init(path: String, limitMebibytes: Int) {
            self.path = path
            self.limitMebibytes = limitMebibytes
        }
    }

    /// A run with a configuration.
    public init(request: ConfigurationRequest, configuration: Configuration) {
        self.request = request
        self.configuration = configuration
    }
}

/// What `shrike replay` is asked to do.
public struct ReplayOptions: Sendable {
    /// The configuration as it was loaded, without errors.
    public var configuration: Configuration
    /// The audit logs, in order, of which those ending in `.gz` are compressed and `-` is standard input; or one recording.
    public var files: [String]
    /// Write each alert at once.
    public var isUnbuffered = false
    /// Log debugging remarks too.
    public var isVerbose = false

    /// A replay of these files.
    public init(configuration: Configuration, files: [String]) {
        self.configuration = configuration
        self.files = files
    }
}
