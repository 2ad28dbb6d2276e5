import EventModel
import KernelInterface

extension ProcfsSource {
    static let driver = SourceDriver(
        SourceTraits(
            .procfs, choiceName: "scan", coverage: .scan,
            provides: ConnectorEventTypes().provided(by: [.fork, .exec, .exit]), opensLater: true),
        probe: { probe() },
        open: { (_, context) throws(SourceFailure) in
            var options = Options(role: context.scanRole)
            if context.scanRole == .only { options.intervalNanoseconds = context.scanIntervalNanoseconds }
            return ProcfsSource(options: options, known: context.known, execLedger: context.execLedger)
        })

    /// Looks at /proc soon where another source lost events.
    public func apply(_ request: SourceRequest, into sink: any EventSink) {
        if case .lookAnew = request { requestScan() }
    }
}
