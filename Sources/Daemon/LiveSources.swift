import Detection
import EventModel
import EventSources
import KernelInterface
import NodeState
import RuleEngine

/// The sources of a live run: probed, selected, opened, and asked for what rules and containers need.
final class LiveSources {
    /// The sources that run, best first.
    private(set) var running: [any EventSource] = []
    /// What the user is told: what is watched with, what can't be seen and why.
    private(set) var lines: [String] = []
    /// Which source rules see each type of event from.
    private(set) var authority = SourceAuthority()
    /// Changes when `running` or a source's descriptor does.
    private(set) var generation = 0
    private let drivers: [SourceDriver]
    private let choice: SourceChoice
    private var context: SourceContext
    private var needs: SourceNeeds
    private var availabilities: [SourceAvailability]
    /// After `stop`: whether the kernel is as it was before.
    private(set) var isRestored = false
    /// The root directories of the containers that run, for sources that are opened later.
    private var rootByContainer: [[UInt8]: String] = [:]

    /// Selects and opens what works here.
    ///
    /// - Parameter drivers: the sources that there are, best first.
    init(
        _ drivers: [SourceDriver] = SourceDriver.all, needs: SourceNeeds, choice: SourceChoice, context: SourceContext
    ) throws(LiveSourcesError) {
        self.drivers = drivers
        self.choice = choice
        self.context = context
        self.needs = needs
        availabilities = drivers.map { $0.probe() }
        while true {
            let selection = select(for: needs)
            if let failure = selection.failures.first {
                let reason = "\(failure.kind.name): \(failure.reason)"
                // Nobody asked for this one: what the better ones lack is worth more.
                let reasons = choice == .auto ? selection.lines + [reason] : [reason]
                throw LiveSourcesError(message: reasons.joined(separator: "\n"), fix: failure.fix)
            }
            guard !selection.running.isEmpty else {
                throw LiveSourcesError(message: selection.lines.joined(separator: "\n"), fix: "")
            }
            self.context.scanRole = selection.scanRole
            do throws(OpenError) {
                for kind in selection.running { running.append(try open(kind, needs)) }
                // Held on to where nobody goes on with it, the kernel would fill it.
                self.context.takeover = nil
                self.context.stored = nil
                self.context.prepared = [:]
                accept(selection)
                return
            } catch {
                // What looked usable was not after all: select again without it.
                stop()
                guard let index = availabilities.firstIndex(where: { $0.kind == error.kind && $0.isAvailable }) else {
                    throw LiveSourcesError(message: error.failure.description, fix: "")
                }
                availabilities[index] = SourceAvailability(
                    kind: error.kind, isAvailable: false, reason: error.failure.description)
            }
        }
    }

    private struct OpenError: Error {
        var kind: SourceKind
        var failure: SourceFailure
    }

    private func open(_ kind: SourceKind, _ needs: SourceNeeds) throws(OpenError) -> any EventSource {
        guard let driver = drivers.first(where: { $0.traits.kind == kind }) else {
            throw OpenError(kind: kind, failure: SourceFailure(reason: "this build has no such source"))
        }
        context.running = running
        defer { context.running = [] }
        do throws(SourceFailure) { return try driver.open(needs, context) } catch {
            throw OpenError(kind: kind, failure: error)
        }
    }

    private func select(for needs: SourceNeeds) -> SourceSelection {
        SourceSelection(
            availabilities: availabilities, needs: needs.events, choice: choice, sources: drivers.map(\.traits))
    }

    private func accept(_ selection: SourceSelection) {
        lines = selection.lines
        authority = SourceAuthority(selection)
        generation += 1
    }

    private func opensLater(_ kind: SourceKind) -> Bool {
        drivers.contains { $0.traits.kind == kind && $0.traits.opensLater }
    }

    /// What is counted of control groups by one of them or another. Sources that count don't come and go with the rules.
    var countedKinds: GroupUse.Kinds { running.reduce(into: []) { $0.formUnion($1.countedKinds) } }

    /// What the sources need of root's privileges: those that run, and those that a reload may open.
    var capabilities: CapabilitySet {
        let all = EventNeeds(alternatives: Dictionary(uniqueKeysWithValues: EventType.all.map { ($0, [EventNeed()]) }))
        let later = select(for: SourceNeeds(events: all, fieldNames: [])).running.filter(opensLater)
        let kinds = Set(running.map(\.kind)).union(later)
        return drivers.reduce(into: []) { set, driver in
            if kinds.contains(driver.traits.kind) { set.formUnion(driver.traits.capabilities) }
        }
    }

    /// Follows other rules: sources are told, opened and closed as these need it. What both need stays watched all the time.
    /// Throws, with nothing changed, when that can't be watched.
    ///
    /// - Parameter shed: sources that are not to run now, of those that can be opened later.
    func reload(
        _ new: SourceNeeds, without shed: Set<SourceKind> = [], into sink: any EventSink
    ) throws(LiveSourcesError) {
        let selection = select(for: new)
        let wanted = selection.running.filter { !shed.contains($0) }
        var opened: [any EventSource] = []
        let staying = running.filter { wanted.contains($0.kind) || !opensLater($0.kind) }
        do throws(OpenError) {
            for kind in wanted where opensLater(kind) && !running.contains(where: { $0.kind == kind }) {
                let source = try open(kind, new)
                // A container's files may be gone with it.
                for root in rootByContainer.values { try? source.apply(.containerStarted(root: root), into: sink) }
                opened.append(source)
            }
            try tell(staying, new, sink)
        } catch {
            for source in opened { source.stop() }
            throw LiveSourcesError(message: "\(error.kind.name): \(error.failure)", fix: "")
        }
        for source in running where !staying.contains(where: { $0 === source }) { end(source, sink) }
        running = (staying + opened).sorted { rank($0.kind) < rank($1.kind) }
        needs = new
        accept(selection)
    }

    /// Tells sources of other needs; where one can't follow, all have the old ones.
    private func tell(_ sources: [any EventSource], _ new: SourceNeeds, _ sink: any EventSink) throws(OpenError) {
        for (index, source) in sources.enumerated() {
            do throws(SourceFailure) { try source.apply(.needs(new), into: sink) } catch {
                for changed in sources[..<index] { try? changed.apply(.needs(needs), into: sink) }
                throw OpenError(kind: source.kind, failure: error)
            }
        }
    }

    private func rank(_ kind: SourceKind) -> Int { drivers.firstIndex { $0.traits.kind == kind } ?? drivers.count }

    /// Calls of `drain` for what waits in a source that is closed.
    private static let drainsAtEnd = 64

    /// Closes a source; what waits in it is told before.
    private func end(_ source: any EventSource, _ sink: any EventSink) {
        source.finish()
        for _ in 0..<Self.drainsAtEnd where !source.isDrained { _ = source.drain(into: sink) }
        source.conclude(into: sink)
        source.stop()
    }

    /// Watches the files of a container from its beginning to its end; gives what could not be done.
    func watch(_ change: ContainerChange, into sink: any EventSink) -> [SourceFailure] {
        switch change {
        case .started(let container):
            let root = String(decoding: container.rootPath, as: UTF8.self)
            guard !root.isEmpty else { return [] }
            let before = rootByContainer.updateValue(root, forKey: container.fullID)
            guard before != root else { return [] }
            let gone = before.map { ask(.containerEnded(root: $0), sink) } ?? []
            return gone + ask(.containerStarted(root: root), sink)
        case .began(let id, let time):
            guard let root = rootByContainer[id] else { return [] }
            return ask(.containerBegan(root: root, at: time), sink)
        case .ended(let id):
            guard let root = rootByContainer.removeValue(forKey: id) else { return [] }
            return ask(.containerEnded(root: root), sink)
        case .hidden(let container):
            return ask(
                .containerHidden(id: String(decoding: container.fullID, as: UTF8.self), reason: container.reasonText),
                sink)
        }
    }

    /// Has sources look for what another one lost.
    func lookAnew(into sink: any EventSink) { _ = ask(.lookAnew, sink) }

    private func ask(_ request: SourceRequest, _ sink: any EventSink) -> [SourceFailure] {
        var failures: [SourceFailure] = []
        for source in running {
            do throws(SourceFailure) { try source.apply(request, into: sink) } catch { failures.append(error) }
        }
        return failures
    }

    /// What puts audit back as it was before; nil where nothing was changed.
    var restoration: AuditRestoration? { running.lazy.compactMap(\.restoration).first }

    /// What another Shrike can go on with; nil: nothing.
    var handoverDescriptor: Int32? { running.lazy.compactMap(\.handoverDescriptor).first }

    /// Up to which of the kernel's lost records of such a source they were told of.
    var handoverLost: UInt32? { running.lazy.compactMap(\.handoverLost).first }

    /// Leaves what can be left to another Shrike; gives whether that was anything.
    func handOver() -> Bool { running.reduce(false) { $1.handOver() || $0 } }

    /// Whether a source goes on with what a run before had stored with the service manager.
    var continuesEarlierRun: Bool { running.contains(where: \.continuesEarlierRun) }

    /// Has the service manager keep what sources can be continued from, in the place of what it kept under these names.
    func store(with service: ServiceNotifier, replacing names: [String]) {
        for name in names { service.forget(named: name) }
        for source in running {
            let storable = source.storable
            guard !storable.isEmpty else { continue }
            if storable.allSatisfy({ service.store($0.numbers, named: $0.name) }) {
                source.noteStored()
            } else {
                // Half of them would keep programs in the kernel that nobody reads.
                for descriptors in storable { service.forget(named: descriptors.name) }
            }
        }
    }

    /// Restores what the sources changed in the kernel.
    func stop() {
        for source in running { source.stop() }
        isRestored = running.allSatisfy(\.isRestored)
        running = []
    }
}

/// Why nothing can be watched here, and what would mend it.
struct LiveSourcesError: Error {
    var message: String
    var fix: String
}

extension SourceNeeds {
    /// What rules need.
    init(_ rules: RuleEvaluation) {
        self.init(events: rules.needs, fieldNames: rules.fieldNames, filter: rules.filter?.program)
    }
}

extension HiddenContainer {
    /// Why nothing can be read, as part of a sentence.
    fileprivate var reasonText: String {
        let place = "its bundle \(String(decoding: bundle, as: UTF8.self))"
        return switch reason {
        case .otherMounts: "\(place) is in a mount namespace of the runtime's own"
        case .notBelieved: "\(place) can't be read, or somebody else than root can have written it"
        }
    }
}
