import Glibc
import KernelInterface

/// A sensor of the self test's own: `shrike run --beside`, its alerts read from a pipe.
final class SensorProcess {
    private let program: StartedProgram
    private let alertsEnd: FileDescriptor
    private let remarksEnd: FileDescriptor
    private var alertBytes: [UInt8] = []
    private var remarkBytes: [UInt8] = []
    /// The alerts so far.
    private(set) var alerts: [SensedAlert] = []
    /// How it ended; nil while it runs.
    private(set) var end: StartedProgram.End?

    /// Its process id.
    var identifier: Int32 { program.identifier }
    /// Whether it watches.
    var isArmed: Bool { remarks.contains(" armed in ") }
    /// What it said on standard error.
    var remarks: String { String(decoding: remarkBytes, as: UTF8.self) }

    /// What it is told beside what the user asks for: all alerts of all rules, at once and nowhere else than here.
    static let overrides = [
        "json_output=true", "json_include_output_property=true", "json_include_output_fields_property=true",
        "stdout_output.enabled=true", "syslog_output.enabled=false", "file_output.enabled=false",
        "program_output.enabled=false", "http_output.enabled=false", "shrike.outputs=[]", "buffered_outputs=false",
        "outputs_queue.capacity=0", "webserver.enabled=false", "metrics.enabled=false", "watch_config_files=false",
        "log_level=info", "rule_matching=all", "shrike.repeats.window=0", "shrike.repeats.overrides=[]",
        "outputs.rate=0", "shrike.rate_limit.per_rule=0", "shrike.rate_limit.overrides=[]", "shrike.state_directory=",
        "append_output[]={extra_fields: [{\(SensedAlert.treeKey): \"\(SensedAlert.treeTemplate)\"}, "
            + "{\(SensedAlert.timeKey): \"%evt.rawtime\"}]}",
    ]

    /// Starts a sensor with these options, which say the rules, the configuration and the sources.
    ///
    /// - Parameter limitSeconds: after these it ends by itself, if this process is killed.
    init(program path: String, options: [String], limitSeconds: Int) throws(KernelError) {
        let alertsPipe = try ChildProcess.Pipe()
        let remarksPipe = try ChildProcess.Pipe()
        let arguments =
            ["shrike", "run", "--beside", "-M", "\(limitSeconds)"] + options + Self.overrides.flatMap { ["-o", $0] }
        program = try StartedProgram(
            path, arguments, output: alertsPipe.writing.rawValue, errors: remarksPipe.writing.rawValue)
        alertsEnd = alertsPipe.takeReading()
        remarksEnd = remarksPipe.takeReading()
        for descriptor in [alertsEnd.rawValue, remarksEnd.rawValue] {
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }
    }

    /// Waits for what it says, for so long at most, and takes it. Also returns when `signals` has something to read.
    func listen(milliseconds: Int32, signals: Int32) {
        var waiting = [alertsEnd.rawValue, remarksEnd.rawValue, signals].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        if end != nil { waiting.removeFirst(2) }
        _ = poll(&waiting, nfds_t(waiting.count), milliseconds)
        Self.take(from: alertsEnd.rawValue, into: &alertBytes)
        Self.take(from: remarksEnd.rawValue, into: &remarkBytes)
        let (now, wall) = (KernelClock.monotonic(), KernelClock.wall())
        while let newline = alertBytes.firstIndex(of: UInt8(ascii: "\n")) {
            let line = Array(alertBytes[..<newline])
            if let alert = SensedAlert(line: line, readNanoseconds: now, readWallNanoseconds: wall) {
                alerts.append(alert)
            }
            alertBytes.removeSubrange(...newline)
        }
        if end == nil { end = program.end() }
    }

    /// Tells it to end, and ends it when it doesn't within five seconds.
    func stop() {
        guard end == nil else { return }
        program.signal(SIGTERM)
        let limit = KernelClock.monotonic() &+ 5_000_000_000
        while end == nil, KernelClock.monotonic() < limit { listen(milliseconds: 20, signals: -1) }
        if end == nil { program.signal(SIGKILL) }
        while end == nil { listen(milliseconds: 20, signals: -1) }
    }

    /// Reads what is there. What nobody asked for is bounded: a sensor that talks without end fills no memory.
    private static func take(from descriptor: Int32, into bytes: inout [UInt8]) {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return }
            if bytes.count < 64 << 20 { bytes += chunk[..<count] }
        }
    }
}
