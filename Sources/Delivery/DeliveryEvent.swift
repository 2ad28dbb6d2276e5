public import EventModel
public import ForwarderProtocol
import InternalAlerts
public import Spool

/// Something about the delivery over the network that its operator must know: a remark in the log, and where alerts are
/// lost or late in a way that someone must mend, an alert.
public enum DeliveryEvent {
    /// What the spool has to tell.
    case spool(SpoolReport)
    /// What the forwarder has to tell.
    case forwarder(ForwarderReport)
    /// The forwarders' launcher has ended: nothing is delivered until the next start.
    case launcherEnded
    /// A certificate, key or token is another one now.
    case credentialsChanged

    /// The remark for the log.
    public var message: String {
        switch self {
        case .spool(.lost(let count, let reason)): "\(count) alerts are lost to the network outputs: \(reason.rawValue)"
        case .spool(.setAside(let path?, let reason)):
            "the spool can't be used (\(reason)); what was there is now \(path), and a new one was begun"
        case .spool(.setAside(nil, let reason)): "the spool is gone (\(reason)); a new one was begun"
        case .spool(.failing(let reason)): "the spool can't be written: \(reason); alerts wait in memory"
        case .spool(.recovered): "the spool can be written again"
        case .launcherEnded:
            "nothing is sent over the network any more: the process that starts the forwarder was ended; alerts are kept in the "
                + "spool until Shrike is started again"
        case .spool(.removed(let output, let count)):
            "output \(output) was removed; \(count) alerts had not been delivered to it"
        case .credentialsChanged: "a file with an output's credentials has changed; the forwarder reads it again"
        case .forwarder(let report):
            switch report.kind {
            case .failing: "output \(report.output): \(report.text); alerts wait in the spool"
            case .recovered: "output \(report.output) works again"
            case .rejected: "output \(report.output): the receiver refused \(report.count) alerts: \(report.text)"
            case .remark: report.output.isEmpty ? report.text : "output \(report.output): \(report.text)"
            }
        }
    }

    /// The alert; nil where the remark is enough.
    public func alert(timeNanoseconds: UInt64) -> Alert? {
        switch self {
        case .spool(.lost(let count, let reason)):
            InternalAlert.make(
                .alertsLost, message,
                [("count", .unsigned(count)), ("reason", .string(Array(reason.rawValue.utf8)))], timeNanoseconds)
        case .spool(.setAside(let path, _)):
            InternalAlert.make(
                .spoolDamaged, message, [("file", .string(Array((path ?? "").utf8)))],
                timeNanoseconds)
        case .spool(.failing):
            InternalAlert.make(.spoolFailing, message, [], timeNanoseconds)
        case .forwarder(let report) where report.kind == .rejected:
            InternalAlert.make(
                .alertsRefused, message,
                [("count", .unsigned(report.count)), ("output", .string(Array(report.output.utf8)))], timeNanoseconds)
        case .launcherEnded:
            InternalAlert.make(.deliveryEnded, message, [], timeNanoseconds)
        case .spool(.recovered), .spool(.removed), .forwarder, .credentialsChanged: nil
        }
    }
}
