import CKernel
import Glibc

/// An epoll instance (epoll(7)): waits for descriptors to become readable, level-triggered.
public struct EventPoll: ~Copyable {
    private static let maximumTokens = 32

    private let descriptor: FileDescriptor
    /// The tokens of the descriptors that the last wait found readable.
    public private(set) var tokens: [UInt64] = []
    private var buffer = [UInt64](repeating: 0, count: maximumTokens)

    /// Opens an instance.
    public init() throws(KernelError) {
        let opened = shrike_epoll_open()
        guard opened >= 0 else { throw KernelError(call: "epoll_create1", object: "", errno: -opened) }
        descriptor = FileDescriptor(owning: opened)
        tokens.reserveCapacity(Self.maximumTokens)
    }

    /// Waits for a descriptor too; `token` names it in `tokens`.
    public func add(_ fileDescriptor: Int32, token: UInt64) throws(KernelError) {
        try check(shrike_epoll_add(descriptor.rawValue, fileDescriptor, token), "epoll_ctl ADD", fileDescriptor)
    }

    /// Waits for the exceptional condition by which files such as /proc/self/mountinfo tell that they changed.
    public func addExceptional(_ fileDescriptor: Int32, token: UInt64) throws(KernelError) {
        try check(
            shrike_epoll_add_exceptional(descriptor.rawValue, fileDescriptor, token), "epoll_ctl ADD", fileDescriptor
        )
    }

    /// Waits for a descriptor no more.
    public func remove(_ fileDescriptor: Int32) throws(KernelError) {
        try check(shrike_epoll_remove(descriptor.rawValue, fileDescriptor), "epoll_ctl DEL", fileDescriptor)
    }

    /// Waits until a descriptor is readable or the time is over (-1: for ever) and fills `tokens`. An interrupted wait
    /// ends with none.
    public mutating func wait(milliseconds: Int32) throws(KernelError) {
        tokens.removeAll(keepingCapacity: true)
        let result = shrike_epoll_wait(descriptor.rawValue, milliseconds, &buffer, UInt32(Self.maximumTokens))
        guard result >= 0 else {
            if -result == EINTR { return }
            throw KernelError(call: "epoll_wait", object: "", errno: -result)
        }
        for index in 0..<min(Int(result), Self.maximumTokens) { tokens.append(buffer[index]) }
    }

    private func check(_ result: Int32, _ call: String, _ fileDescriptor: Int32) throws(KernelError) {
        guard result == 0 else { throw KernelError(call: call, object: "\(fileDescriptor)", errno: -result) }
    }
}
