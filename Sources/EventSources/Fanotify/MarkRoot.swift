import Glibc
import KernelInterface

/// A root directory below which the rules' paths are looked up: our own or a container's.
final class MarkRoot {
    /// What it was added as.
    let name: [UInt8]
    /// The path that the kernel shows for it, to be taken off what it shows for files below; empty for `/`.
    let shownPath: [UInt8]
    private let directory: FileDescriptor?
    private let number: Int32

    /// Our own root directory.
    init() {
        name = Array("/".utf8)
        shownPath = []
        directory = nil
        number = AT_FDCWD
    }

    /// A container's root directory.
    init(path: String) throws(KernelError) {
        let opened = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else {
            throw KernelError(
                call: "open", object: path, errno: errno, hint: "the root directory of a container was expected there"
            )
        }
        directory = FileDescriptor(owning: opened)
        number = opened
        name = Array(path.utf8)
        let shown = DescriptorFacts.path(of: opened) ?? name
        shownPath = shown == [UInt8(ascii: "/")] ? [] : shown
    }

    /// Opens a path below; nil when there is nothing.
    func open(_ path: [UInt8]) -> MarkTarget? { try? MarkTarget(path: path, root: number) }

    /// The path of something below, without symbolic links, as a process with this root sees it.
    func innerPath(of target: borrowing MarkTarget) -> [UInt8]? {
        guard let shown = target.path else { return nil }
        return shown.starts(with: shownPath) ? Array(shown.dropFirst(shownPath.count)) : shown
    }
}
