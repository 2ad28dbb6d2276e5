import Glibc
import KernelInterface

/// Which layer of an overlay file system a file lies in (the kernel's Documentation/filesystems/overlayfs.rst).
///
/// For a container this follows from its root file system's upper directory, which the host's mounts name: read once for each
/// container. No process need live for it, and it costs the same however much is mounted.
final class OverlayLayers {
    private let context: StateContext
    private var mounts: [[UInt8]: MountLine] = [:]
    private var readNanoseconds: UInt64?
    private var text: [UInt8] = []

    init(context: StateContext) { self.context = context }

    /// The layer of a path as a process sees it; nil where nothing tells.
    func layer(ofPath path: ArraySlice<UInt8>, seenBy process: ProcessRecord) -> ExecutableFile.Layer? {
        guard let container = process.container else {
            guard process.isContainerUnproven == false, readMounts(atMostEvery: Self.interval) else { return nil }
            guard let mount = mount(of: path), mount.isOverlay else { return ExecutableFile.Layer.none }
            return mount.upperDirectory.map {
                layer(
                    of: path.dropFirst(mount.mountPoint.count == 1 ? 0 : mount.mountPoint.count), upper: $0,
                    merged: mount.mountPoint)
            }
        }
        guard !isMounted(path, in: container), !isElsewhere(process, in: container) else {
            return ExecutableFile.Layer.none
        }
        return upperDirectory(of: container).map {
            layer(of: path, upper: $0, merged: context.root + container.rootPath)
        }
    }

    /// Whether a container's root is known to have layers.
    func hasLayers(_ container: ContainerRecord) -> Bool { upperDirectory(of: container) != nil }

    /// Whether a process in a container runs a file of another file system than the container's root: the runtime's own program,
    /// before it changes to that. What a path would mean in the container says nothing of it. /proc tells of another device for each
    /// layer, but of none that is a disk.
    func isElsewhere(_ process: ProcessRecord, in container: ContainerRecord) -> Bool {
        let file = process.storedExecutable
        guard file.device != 0, hasLayers(container), container.layersDevice != 0 else { return false }
        guard file.device != container.layersDevice, file.isTold || DeviceNumber.major(file.device) != 0 else {
            return false
        }
        // Mounted anew at the place of one that was read before.
        if readMounts(atMostEvery: Self.shortInterval), let mount = mounts[container.rootPath], mount.isOverlay {
            container.layersDevice = mount.device
        }
        return file.device != container.layersDevice
    }

    /// Whether the event said that a process runs a file of the file system that is a container's root.
    func isOfRoot(_ process: ProcessRecord, of container: ContainerRecord) -> Bool {
        let file = process.storedExecutable
        return file.isTold && file.device != 0 && hasLayers(container) && file.device == container.layersDevice
    }

    /// Whether a path of a container lies in one of its volumes.
    func isMounted(_ path: ArraySlice<UInt8>, in container: ContainerRecord) -> Bool {
        container.mounts.contains { Self.lies(path, in: $0.destination) }
    }

    /// A file is in the upper layer if the upper directory has it: copying up makes it appear there. One that is in neither and
    /// of which no whiteout (a character device) tells was in the upper layer alone, and is gone.
    private func layer(of path: ArraySlice<UInt8>, upper: [UInt8], merged: [UInt8]) -> ExecutableFile.Layer {
        var name = path.drop { $0 == UInt8(ascii: "/") }
        if name.ends(with: " (deleted)") { name = name.dropLast(10) }
        guard context.mayLook() else { return .none }
        if let status = context.files.status(of: name, beneath: upper) {
            return status.mode & S_IFMT == S_IFREG ? .upper : .lower
        }
        guard context.files.status(of: name, beneath: merged) == nil else { return .lower }
        // Every runtime makes /proc in a root; without it the root can't be seen from here.
        return context.files.status(of: Self.mark, beneath: merged) == nil ? .none : .upper
    }

    /// The upper directory of a container's root; nil when it has none, or the mounts don't show it.
    private func upperDirectory(of container: ContainerRecord) -> [UInt8]? {
        if container.isUpperRead { return container.upperDirectory }
        guard container.hasMetadata, !container.rootPath.isEmpty, context.hasFiles else { return nil }
        container.isUpperRead = true
        // Mounted after the last reading, mostly.
        if mounts[container.rootPath] == nil { _ = readMounts(atMostEvery: 0) }
        guard let mount = mounts[container.rootPath], mount.isOverlay, let upper = mount.upperDirectory else {
            return nil
        }
        container.upperDirectory = context.root + upper
        container.layersDevice = mount.device
        return container.upperDirectory
    }

    /// The mount that a path lies in: the one of its longest beginning.
    private func mount(of path: ArraySlice<UInt8>) -> MountLine? {
        var place = path
        while let slash = place.lastIndex(of: UInt8(ascii: "/")) {
            if let mount = mounts[Array(place)] { return mount }
            place = place[..<slash]
        }
        return mounts[[UInt8(ascii: "/")]]
    }

    private func readMounts(atMostEvery interval: UInt64) -> Bool {
        if let readNanoseconds, interval != 0, context.now &- readNanoseconds < interval { return !mounts.isEmpty }
        readNanoseconds = context.now
        context.setPath(process: 1, "mountinfo")
        guard context.hasFiles, context.files.read(context.path, upTo: 8 << 20, into: &text) else { return false }
        mounts.removeAll(keepingCapacity: true)
        var lines = LineCursor(text)
        // What is mounted over another hides it.
        while let line = lines.next() { if let mount = MountLine(text, line) { mounts[mount.mountPoint] = mount } }
        return true
    }

    private static let mark = Array("proc".utf8)[...]
    /// How old the host's mounts may be for a host process.
    private static let interval: UInt64 = 10_000_000_000
    private static let shortInterval: UInt64 = 1_000_000_000

    private static func lies(_ path: ArraySlice<UInt8>, in directory: [UInt8]) -> Bool {
        guard directory.count > 1, path.starts(with: directory) else { return false }
        return path.count == directory.count || path[path.startIndex + directory.count] == UInt8(ascii: "/")
    }
}
