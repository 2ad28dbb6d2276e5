import Configuration
public import Outputs

extension OutputSettings {
    /// Opens the channels that are on. One that can't be opened is an error: a detection whose alerts go nowhere must not
    /// look as if it worked.
    ///
    /// The channels begin to deliver with `OutputChannels.start`.
    ///
    /// - Parameters:
    ///   - isUnbuffered: `-U`: whatever the configuration says, no line waits.
    ///   - isLossless: alerts wait for slow readers instead of being dropped, and who raises them with them.
    public func open(format: AlertFormat, isUnbuffered: Bool, isLossless: Bool = false, spool: (any AlertOutput)? = nil)
        throws(OutputError) -> OutputChannels
    {
        var queue = OutputQueue()
        if queueCapacity > 0 { queue.limits.alerts = queueCapacity }
        queue.isLossless = isLossless
        let isBuffered = isBuffered && !isUnbuffered
        var outputs: [any AlertOutput] = []
        // First: what standard output has shown is on its way to the network outputs, whatever happens then.
        if let spool { outputs.append(spool) }
        if usesStandardOutput {
            outputs.append(try StandardOutput(isBuffered: isBuffered, isUnbuffered: isUnbuffered, queue: queue))
        }
        if syslog { outputs.append(try SyslogOutput(form: syslogForm, hostName: format.hostName, queue: queue)) }
        if file.isEnabled {
            outputs.append(
                try FileOutput(path: file.target, keepsOpen: file.keepsAlive, isBuffered: isBuffered, queue: queue))
        }
        if program.isEnabled {
            outputs.append(try ProgramOutput(command: program.target, keepsRunning: program.keepsAlive, queue: queue))
        }
        let channels = OutputChannels(outputs, format: format)
        channels.stallMilliseconds = UInt64(stallMilliseconds)
        return channels
    }
}
