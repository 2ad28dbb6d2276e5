import Configuration
import EventModel
import Outputs

/// The alerts of a bench. Rule, tag, message and a field say that nothing has happened: they go to receivers where somebody
/// may be called for them.
struct SyntheticAlert {
    let rule: String
    let priority: Priority
    let tags: [String]
    let count: Int
    /// Tells one bench's alerts from another's.
    let run: String
    private var filler: [UInt8] = []

    init(_ options: AlertBenchOptions, run: String) {
        rule = "\(options.rule) (synthetic)"
        priority = options.priority
        tags = Set(options.tags + ["synthetic"]).sorted()
        count = options.count
        self.run = run
        var bytes: [UInt8] = []
        var format = options.configuration.alertFormat
        format.isJSON = true
        var writer = AlertWriter(format: format)
        _ = writer.write(make(count, timeNanoseconds: 0), into: &bytes)
        filler = Array(repeating: UInt8(ascii: "x"), count: max(0, options.size - bytes.count))
    }

    func make(_ number: Int, timeNanoseconds: UInt64) -> Alert {
        Alert(
            timeNanoseconds: timeNanoseconds, rule: rule, priority: priority, source: "syscall", tags: tags,
            message: Array(
                "Synthetic alert \(number) of \(count) by 'shrike bench alerts', run \(run): nothing happened".utf8),
            fields: [
                ("shrike.bench.filler", .string(filler)), ("shrike.bench.number", .unsigned(UInt64(number))),
                ("shrike.bench.run", .string(Array(run.utf8))), ("shrike.synthetic", .bool(true)),
            ])
    }
}
