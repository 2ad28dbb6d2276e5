import EventModel
import InternalAlerts
import Outputs

extension OutputProblem {
    /// The alert for who reads another output; nil where the log is enough.
    func alert(timeNanoseconds: UInt64) -> Alert? {
        let output = (key: "output", value: AlertValue.string(Array(output.utf8)))
        return switch kind {
        case .lost(let count):
            InternalAlert.make(
                "Shrike internal: alerts lost", .critical, message, [("count", .unsigned(count)), output],
                timeNanoseconds)
        case .stalled:
            InternalAlert.make("Shrike internal: output stalled", .error, message, [output], timeNanoseconds)
        case .failing:
            InternalAlert.make("Shrike internal: output failing", .error, message, [output], timeNanoseconds)
        case .recovered: nil
        }
    }
}
