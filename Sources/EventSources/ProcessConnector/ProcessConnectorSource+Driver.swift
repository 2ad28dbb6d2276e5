import EventModel
public import KernelInterface

extension ProcessConnectorSource {
    static let driver = SourceDriver(
        SourceTraits(
            .processConnector, coverage: .processes, provides: ConnectorEventTypes().provided(by: .known),
            capabilities: [.netAdmin]),
        probe: { probe() },
        open: { (_, context) throws(SourceFailure) in
            do throws(ConnectorFailure) {
                let source = try ProcessConnectorSource()
                source.execLedger = context.execLedger
                return source
            } catch {
                throw SourceFailure(reason: error.reason, fix: error.fix)
            }
        })

    /// What waits in the socket.
    public var queue: ReceiveQueue? { descriptor.flatMap { ReceiveQueue(socket: $0) } }
}
