import Configuration
public import Outputs

extension OutputSettings {
    /// Opens the channels that are on. One that can't be opened is an error: a detection whose alerts go nowhere must not
    /// look as if it worked.
    ///
    /// - Parameter isUnbuffered: `-U`: whatever the configuration says, no line waits.
    public func open(format: AlertFormat, isUnbuffered: Bool, spool: (any AlertOutput)? = nil)
        throws(OutputError) -> OutputChannels
    {
        let isBuffered = isBuffered && !isUnbuffered
        var outputs: [any AlertOutput] = []
        // First: what standard output has shown is on its way to the network outputs, whatever happens then.
        if let spool { outputs.append(spool) }
        if usesStandardOutput {
            outputs.append(StandardOutput(isBuffered: isBuffered, isUnbuffered: isUnbuffered))
        }
        if syslog { outputs.append(try SyslogOutput(form: syslogForm, hostName: format.hostName)) }
        if file.isEnabled {
            outputs.append(try FileOutput(path: file.target, keepsOpen: file.keepsAlive, isBuffered: isBuffered))
        }
        if program.isEnabled {
            outputs.append(ProgramOutput(command: program.target, keepsRunning: program.keepsAlive))
        }
        return OutputChannels(outputs, format: format)
    }
}
