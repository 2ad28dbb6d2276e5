import KernelInterface

extension HostFiles {
    /// The path is that of the descriptor, which nobody can put another file behind.
    public func follow(_ name: [UInt8], below root: PathBuffer, into buffer: inout [UInt8]) -> FileStatus? {
        buffer.removeAll(keepingCapacity: true)
        let start = root.bytes.map { CChar(bitPattern: $0) }
        guard !root.isTorn, let found = RememberedPlace.follow(name, below: start) else { return nil }
        var place = PathBuffer()
        place.append("/proc/self/fd/")
        place.append(decimal: found.rawValue)
        guard readLink(place, into: &buffer), buffer.first == UInt8(ascii: "/") else { return nil }
        return Self.status(of: found.rawValue)
    }
}
