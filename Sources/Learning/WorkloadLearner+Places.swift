import EventFields
import NodeState
import Profiles

extension WorkloadLearner {
    func isProgram(_ place: WorkloadPlace) -> Bool {
        place.workload < 0 || slots[Int(place.workload)].identity.isProgram
    }

    /// Forgets where processes belong, since positions and runs may have changed, and the event at hand.
    func endEvent() {
        places = WorkloadPlaces()
        current = Current()
        behaviours.reset()
    }

    /// Tells groups apart: a container by its id, a service by its control groups, a program by its path.
    func key(of bytes: [UInt8], _ number: UInt32) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(number)
        hasher.combine(bytes)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    func place(of process: ProcessRecord, _ state: NodeState, _ now: UInt32) -> WorkloadPlace {
        if let container = process.container {
            return place(key(of: container.fullID, 0), process, state, now) {
                WorkloadNaming.identity(of: container, settings.groupings).map { ($0, container.image) }
            }
        }
        // What is not known yet may be a moment later.
        guard process.isOnHost else { return WorkloadPlace(retry: now &+ 1) }
        let cgroups = process.cgroups
        let group = key(of: cgroups, 1)
        var service = place(group, process, state, now, retry: .max) {
            guard settings.groupings.contains(.unit) else { return nil }
            return WorkloadNaming.unit(in: cgroups).map { ($0, []) }
        }
        if service.workload >= 0, follow(process, &service, state, now) { groups[group] = service }
        guard !service.isNamed, settings.groupings.contains(.program) else { return service }
        let uid = process.credentials.effectiveUID
        return place(key(of: process.executablePath, uid &+ 2), process, state, now) {
            WorkloadNaming.program(uid: uid, path: process.executablePath, settings.profiles.generalisation)
                .map { ($0, []) }
        }
    }

    /// The place of a group; it is named when it is new.
    ///
    /// - Parameter retry: when to look again at what has no name; nil: a second later.
    func place(
        _ key: UInt64, _ process: ProcessRecord, _ state: NodeState, _ now: UInt32, retry: UInt32? = nil,
        _ name: () -> (WorkloadIdentity, image: [UInt8])?
    ) -> WorkloadPlace {
        if let place = groups[key], place.workload >= 0 || now < place.retry { return place }
        if groups.count >= Self.groupLimit { groups.removeAll(keepingCapacity: true) }
        guard let (identity, image) = name() else {
            let place = WorkloadPlace(retry: retry ?? now &+ 1)
            groups[key] = place
            return place
        }
        var place = WorkloadPlace(isNamed: true, retry: now &+ Self.retrySeconds)
        if let workload = position(of: identity, now) {
            place.workload = workload
            if !image.isEmpty {
                var text: [UInt8] = []
                text.append(canonical: image)
                slots[Int(workload)].change(image: String(decoding: text, as: UTF8.self), at: now)
            }
            let first = first(of: process, state)
            place.runStart = start(of: first, now)
            // What ran before this sensor did was counted by the last one, if that saw it.
            let isNew = place.runStart > slots[Int(workload)].lastSeen || place.runStart >= firstEvent
            place.run =
                isNew || slots[Int(workload)].runs == 0
                ? slots[Int(workload)].beginRun() : slots[Int(workload)].runs
            place.witness = WorkloadPlace.Witness(first)
        }
        groups[key] = place
        return place
    }

    /// Follows a service from run to run: its control group has the same name after a restart. A run is over when no process of it is
    /// left; what another one made still belongs to it.
    ///
    /// - Returns: whether the place has changed.
    private func follow(
        _ process: ProcessRecord, _ place: inout WorkloadPlace, _ state: NodeState, _ now: UInt32
    ) -> Bool {
        let serial = place.witness.serial
        guard process.serial != serial, !process.descends(from: serial) else { return false }
        if let witness = state.process(pid: place.witness.pid), witness.serial == serial, state.isAlive(witness) {
            return false
        }
        let first = first(of: process, state)
        if first.serial == serial { return false }
        if first.descends(from: serial) {
            place.witness = WorkloadPlace.Witness(first)
            return true
        }
        if let other = state.companion(of: first) {
            place.witness = WorkloadPlace.Witness(other)
            return true
        }
        let workload = Int(place.workload)
        slots[workload].endRun(at: slots[workload].lastSeen)
        place.run = slots[workload].beginRun()
        place.runStart = start(of: first, now)
        place.witness = WorkloadPlace.Witness(first)
        return true
    }

    /// The first of a process' forebears that is in the same control groups.
    private func first(of process: ProcessRecord, _ state: NodeState) -> ProcessRecord {
        var first = process
        for _ in 0..<32 {
            guard let parent = state.parent(of: first), parent.pid > 1, parent.container === process.container,
                parent.container != nil || parent.cgroups == process.cgroups
            else { break }
            first = parent
        }
        return first
    }

    /// When a process began, seconds since the epoch.
    private func start(of process: ProcessRecord, _ now: UInt32) -> UInt32 {
        let seconds = process.startTimeNanoseconds / 1_000_000_000
        return seconds == 0 ? now : min(UInt32(clamping: seconds), now)
    }
}
