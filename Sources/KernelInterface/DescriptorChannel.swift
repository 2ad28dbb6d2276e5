import CKernel
import Glibc

/// One end of a connection between two processes that keeps messages apart and carries descriptors (unix(7)).
public struct DescriptorChannel: ~Copyable {
    /// A message as it was received.
    public struct Message: ~Copyable {
        /// Its bytes, at most `longestMessage`; none when the other end was closed.
        public let bytes: [UInt8]
        private var descriptors: [Int32]

        fileprivate init(bytes: [UInt8], descriptors: [Int32]) {
            self.bytes = bytes
            self.descriptors = descriptors
        }

        deinit { for descriptor in descriptors { close(descriptor) } }

        /// The numbers of the descriptors that came with it; they are closed with the message.
        public var numbers: [Int32] { descriptors }
    }

    /// Two connected ends. Not inherited; numbered so that `ChildProcess.spawn` can give one to a child.
    public struct Pair: ~Copyable {
        /// The end for this process.
        private var own: FileDescriptor
        /// The end for another.
        public var other: FileDescriptor

        /// Connects two ends.
        public init() throws(KernelError) {
            var ends: [Int32] = [-1, -1]
            let result = shrike_channel(&ends)
            guard result == 0 else { throw KernelError(call: "socketpair", object: "", errno: -result) }
            own = FileDescriptor(owning: ends[0])
            other = FileDescriptor(owning: ends[1])
        }

        /// Keeps this process's end and closes the other.
        public consuming func takeOwn() -> DescriptorChannel { DescriptorChannel(own) }
    }

    /// Bytes of a message.
    public static let longestMessage = 16

    private let descriptor: FileDescriptor

    /// An end that this process was started with.
    public init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    /// The number to wait for.
    public var rawValue: Int32 { descriptor.rawValue }

    /// Sends a message; never waits.
    public func send(_ bytes: [UInt8], descriptors: [Int32] = []) throws(KernelError) {
        let result = shrike_channel_send(
            descriptor.rawValue, bytes, bytes.count, descriptors, Int32(clamping: descriptors.count))
        guard result == 0 else { throw KernelError(call: "sendmsg", object: "", errno: -result) }
    }

    /// The next message; nil when there is none yet.
    public func receive() throws(KernelError) -> Message? {
        var bytes = [UInt8](repeating: 0, count: Self.longestMessage)
        var descriptors = [Int32](repeating: -1, count: Int(SHRIKE_DESCRIPTOR_LIMIT))
        var count: Int32 = 0
        let size = shrike_channel_receive(descriptor.rawValue, &bytes, bytes.count, &descriptors, &count)
        if size == -EAGAIN { return nil }
        guard size >= 0 else { throw KernelError(call: "recvmsg", object: "", errno: -size) }
        return Message(bytes: Array(bytes.prefix(Int(size))), descriptors: Array(descriptors.prefix(Int(count))))
    }
}
