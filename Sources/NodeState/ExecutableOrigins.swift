import EventModel
import KernelInterface

/// Judges where executables come from.
///
/// A path alone is no proof: anybody can have a mount namespace in which any path leads to a file of his. So the file that was
/// executed must be the one that the host has at the path, by inode and device.
final class ExecutableOrigins {
    /// How much later than its package's list a file's inode may have been changed. The list is written when the files are in
    /// place; but what sets modes or capabilities comes after that, and where a whole root was copied, its files have the times of
    /// the copy.
    static let slack: UInt64 = 3_600_000_000_000

    private enum Place {
        /// Nobody but root can write it; with the last change of its inode.
        case roots(changeTime: UInt64)
        case others
    }
    private struct Key: Hashable {
        var path: PackagePath
        var device: UInt64
        var inode: UInt64
        var changeTime: UInt64
    }

    private let context: StateContext
    private let packages: PackageWatch
    private let layers: OverlayLayers
    /// Where files lie that were executed a short time ago.
    private var places: [Key: (place: Place, checked: UInt64)] = [:]

    init(context: StateContext, packages: PackageWatch, layers: OverlayLayers) {
        self.context = context
        self.packages = packages
        self.layers = layers
    }

    /// Where a process's executable comes from; nil when nothing tells, or the packages' files are not known yet.
    func origin(of process: ProcessRecord) -> ExecutableOrigin? {
        let mark = process.storedExecutable.mark
        switch mark.state {
        case .settled: break
        case .unasked: judge(process)
        case .unknown: if context.now >= mark.retryNanoseconds { judge(process) }
        case .listed: if mark.generation != packages.generation { judgeAgain(process) }
        }
        return process.storedExecutable.mark.origin
    }

    /// Whether a process's executable is what its path says: the package's or the image's file, or a file that only root can write
    /// where no package would have one. Where the host has no package database that can be read, only root's being able to write
    /// it counts. A recorded log has no files to ask: what it says stands.
    func isTrusted(_ process: ProcessRecord) -> Bool {
        guard process.executablePath.first == UInt8(ascii: "/") else { return false }
        guard context.hasFiles else { return true }
        switch origin(of: process) {
        case .package, .image: return true
        case .local: return packages.table?.isOfNoDatabase == true || !isPackagesPlace(process.executablePath)
        case .container, .replaced, .writable, .memory, nil: return false
        }
    }

    /// Whether a process's executable lies on the host where only root can write, of a package or not. A recorded log is taken at
    /// its word.
    func isOfRootAlone(_ process: ProcessRecord) -> Bool {
        guard context.hasFiles else { return true }
        _ = origin(of: process)
        return process.storedExecutable.mark.state == .listed
    }

    /// Whether a file at the path is a package's, if it is as it should be (FHS 3.0, 3.16, 4.9).
    private func isPackagesPlace(_ path: [UInt8]) -> Bool {
        Self.packagesPlaces.contains { path.starts(with: $0) } && !path.starts(with: Self.administratorsPlace)
    }

    /// Finds it out. `paths` are those of the process's exec, where its event is at hand: the executed file is among them, and is none
    /// of the `scripts`.
    func judge(_ process: ProcessRecord, executed paths: [PathFact] = [], scripts: PathNumbers = PathNumbers()) {
        let path = process.executablePath
        let file = process.executable
        if process.isExecutableFromMemory || file.isDeleted { return settle(process, .memory) }
        guard path.first == UInt8(ascii: "/") else { return settle(process, nil) }
        if let container = process.container {
            return settle(process, origin(in: container, path, process, paths, scripts))
        }
        guard !process.isContainerUnproven, !process.cgroups.isEmpty, let place = place(path, process, paths, scripts)
        else {
            return settle(process, nil)
        }
        switch place {
        case .others: settle(process, .writable)
        case .roots(let changeTime):
            let name = PackagePath(path)
            process.storedExecutable.mark = OriginMark(
                state: .listed, origin: listed(name, path, changeTime), path: name, changeTimeNanoseconds: changeTime,
                generation: packages.generation)
        }
    }

    private func settle(_ process: ProcessRecord, _ origin: ExecutableOrigin?) {
        process.storedExecutable.mark = OriginMark(
            state: origin == nil ? .unknown : .settled, origin: origin,
            retryNanoseconds: context.now &+ Self.retryInterval)
    }

    // MARK: On the host

    private func listed(_ path: PackagePath, _ text: [UInt8], _ changeTime: UInt64) -> ExecutableOrigin? {
        guard let table = packages.table else { return nil }
        let listed =
            PackagePath(text) == path ? context.files.packageTime(of: text, in: table) : table.listTime(of: path)
        guard let time = listed else { return .local }
        return changeTime <= time &+ Self.slack ? .package : .replaced
    }

    /// The packages are others than when the program began. A program that was started while its package was being installed is
    /// the package's by now, if its file is still that which the package has.
    private func judgeAgain(_ process: ProcessRecord) {
        let file = process.storedExecutable
        let origin = listed(file.mark.path, process.storedExecutablePath, file.mark.changeTimeNanoseconds)
        if file.mark.origin == nil {
            process.storedExecutable.mark.origin = origin
        } else if origin == .package, file.mark.origin != .package {
            guard context.mayLook() else { return }
            let status = context.files.statusOfRootAlone(process.storedExecutablePath, below: context.root)
            if let status, isSame(status, file) { process.storedExecutable.mark.origin = .package }
        }
        process.storedExecutable.mark.generation = packages.generation
    }

    /// Where the executed file lies; nil when nothing tells which file it was.
    private func place(
        _ path: [UInt8], _ process: ProcessRecord, _ paths: [PathFact], _ scripts: PathNumbers
    ) -> Place? {
        let file = process.storedExecutable
        let key = Key(
            path: PackagePath(path), device: file.device, inode: file.inode, changeTime: file.changeTimeNanoseconds)
        if file.inode != 0, let known = places[key], context.now &- known.checked < Self.placeInterval {
            return known.place
        }
        guard context.mayLook() else { return nil }
        guard let status = context.files.statusOfRootAlone(path, below: context.root) else {
            return keep(.others, key)
        }
        if isSame(status, file) {
            let isTimeKnown = file.changeTimeNanoseconds != 0
            return keep(
                .roots(changeTime: isTimeKnown ? file.changeTimeNanoseconds : status.changeTimeNanoseconds), key)
        }
        // What /proc told of the file may be a later program's.
        if contains(paths, but: scripts, status) { return .roots(changeTime: status.changeTimeNanoseconds) }
        // The executed file is among those that the exec named: the host's is none of them.
        if paths.contains(where: { $0.inode != 0 }), !paths.contains(where: { $0.inode == status.inode }) {
            return .others
        }
        guard file.inode != 0 else { return nil }
        if file.inode == status.inode, let running = running(process) {
            // The kernel's own device number was not told, or is another one for each layer of the file system.
            if running.inode == status.inode, running.device == status.device {
                return .roots(changeTime: status.changeTimeNanoseconds)
            }
            return running.inode == file.inode ? .others : nil
        }
        if file.isTold { return .others }
        guard !process.isGone, context.readProcessLink(process.pid, "exe") else { return nil }
        let link = ProcessRecord.plainExecutablePath(context.content[...])
        // Of the program that is asked about, perhaps with a root directory of its own before it (chroot(2)).
        return link.count >= path.count && link.suffix(path.count).elementsEqual(path) ? .others : nil
    }

    private func keep(_ place: Place, _ key: Key) -> Place {
        guard key.inode != 0 else { return place }
        if places.count >= Self.mostPlaces { places.removeAll(keepingCapacity: true) }
        places[key] = (place, context.now)
        return place
    }

    private func isSame(_ status: FileStatus, _ file: ExecutableFile) -> Bool {
        status.inode == file.inode && isSame(status, device: file.device)
    }

    private func isSame(_ status: FileStatus, device: UInt64) -> Bool {
        status.device == device || status.kernelDevice == device && device != 0
    }

    private func contains(_ paths: [PathFact], but scripts: PathNumbers, _ status: FileStatus) -> Bool {
        paths.enumerated().contains { index, path in
            path.inode == status.inode && !scripts.contains(index)
                && isSame(status, device: DeviceNumber.make(major: path.deviceMajor, minor: path.deviceMinor))
        }
    }

    /// The file that the process executes now.
    private func running(_ process: ProcessRecord) -> FileStatus? {
        guard !process.isGone, context.mayLook() else { return nil }
        context.setPath(process: process.pid, "exe")
        return context.files.status(context.path)
    }

    // MARK: In a container

    private func origin(
        in container: ContainerRecord, _ path: [UInt8], _ process: ProcessRecord, _ paths: [PathFact],
        _ scripts: PathNumbers
    ) -> ExecutableOrigin? {
        let layer = process.executableLayer
        // A volume's file is the container's; else nobody knows whose path it was found by.
        if layers.isElsewhere(process, in: container), !layers.isMounted(path[...], in: container) { return nil }
        if process.failed.contains(.executableLayer) { return origin(byTimeIn: container, path, process) }
        switch layer {
        case .upper: return .container
        case .none: return origin(byTimeIn: container, path, process)
        case .lower:
            // Of an overlay that somebody else mounted, perhaps, or the path leads elsewhere in a mount namespace.
            guard container.hasMetadata, !container.rootPath.isEmpty, context.mayLook() else { return nil }
            let root = context.root + container.rootPath
            guard let status = context.files.status(of: path.dropFirst(), beneath: root) else { return nil }
            let file = process.storedExecutable
            if file.inode == status.inode { return .image }
            if paths.enumerated().contains(where: { $1.inode == status.inode && !scripts.contains($0) }) {
                return .image
            }
            guard let running = running(process) else { return nil }
            if running.inode == status.inode { return .image }
            return running.inode == file.inode ? .container : nil
        }
    }

    /// Of a file that is in no layer: in a volume, or in a root without layers, where the image's files are older than the
    /// container's first process.
    private func origin(byTimeIn container: ContainerRecord, _ path: [UInt8], _ process: ProcessRecord)
        -> ExecutableOrigin?
    {
        if layers.isMounted(path[...], in: container) || layers.hasLayers(container) { return .container }
        guard container.hasMetadata, process.isInChildPIDNamespace else { return nil }
        let file = process.storedExecutable
        var changed = file.isTold ? file.changeTimeNanoseconds : 0
        if changed == 0, !container.rootPath.isEmpty, context.mayLook() {
            // What is known of the file may be of another program's.
            let status = context.files.status(of: path.dropFirst(), beneath: context.root + container.rootPath)
            if let status, status.inode == file.inode { changed = status.changeTimeNanoseconds }
        }
        guard changed != 0 else { return nil }
        let started = process.namespaceStartNanoseconds
        guard started != 0 else { return nil }
        // A process can make itself a younger pid namespace.
        return changed > min(started, container.firstSeenNanoseconds) ? .container : .image
    }

    /// For how long it holds that nobody but root can write a place: what changes that is root's doing.
    private static let placeInterval: UInt64 = 10_000_000_000
    /// After how long is asked again what nothing told.
    private static let retryInterval: UInt64 = 1_000_000_000
    private static let mostPlaces = 1024
    private static let packagesPlaces = ["/usr/", "/bin/", "/sbin/", "/lib"].map { Array($0.utf8) }
    private static let administratorsPlace = Array("/usr/local/".utf8)
}
