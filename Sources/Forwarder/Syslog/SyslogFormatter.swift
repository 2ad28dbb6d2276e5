import ForwarderProtocol
import Outputs
import Spool

/// Makes a spooled alert a syslog message, within a size.
struct SyslogFormatter {
    private let isJSON: Bool
    private let format: AlertFormat
    private let maximumBytes: Int
    private var writer: SyslogMessage
    private var bytes: [UInt8] = []

    /// - Parameter processID: of the sensor, whose alerts they are.
    init(_ settings: SyslogSettings, format: AlertFormat, processID: Int32) {
        isJSON = settings.isJSON ?? format.isJSON
        self.format = format
        maximumBytes = settings.maximumBytes
        writer = SyslogMessage(
            facility: settings.facility, hostName: format.hostName, processID: processID,
            enterpriseNumber: settings.enterpriseNumber)
    }

    /// The message, without framing. A JSON object that is too long loses its `output_fields` first, so that it stays JSON; a
    /// text, or an object that is still too long, is cut behind a whole character.
    mutating func message(for alert: SpooledAlert) -> [UInt8] {
        let content = SyslogMessage.Content(
            priority: alert.priority, timeNanoseconds: alert.timeNanoseconds, rule: alert.rule, source: alert.source,
            key: alert.key)
        writer.writeHeader(of: content, into: &bytes)
        let document = AlertDocument(alert)
        if isJSON, document.root != nil {
            let header = bytes
            bytes += document.falcoObject(format)
            if bytes.count > maximumBytes {
                var shorter = format
                shorter.includesOutputFields = false
                bytes = header + document.falcoObject(shorter)
            }
        } else {
            bytes += document.outputText
        }
        return Array(bytes.prefix(SyslogMessage.length(of: bytes, atMost: maximumBytes)))
    }
}
