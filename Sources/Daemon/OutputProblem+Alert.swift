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
                .alertsLost, message, [("count", .unsigned(count)), output],
                timeNanoseconds)
        case .stalled:
            InternalAlert.make(.outputStalled, message, [output], timeNanoseconds)
        case .failing:
            InternalAlert.make(.outputFailing, message, [output], timeNanoseconds)
        case .recovered: nil
        }
    }
}
