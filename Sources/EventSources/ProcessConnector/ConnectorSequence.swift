/// Finds lost messages of the process connector: the kernel numbers them, on each processor by itself.
struct ConnectorSequence: Sendable {
    /// A number above this is no processor (CONFIG_NR_CPUS goes to 8192).
    private static let processorLimit = 65536
    /// The next number expected on each processor; nil before its first message.
    private var expected: [UInt32?] = []

    /// Takes a message's number; gives how many messages before it are missing.
    mutating func take(processor: UInt32, sequence: UInt32) -> UInt32 {
        let index = Int(processor)
        guard index < Self.processorLimit else { return 0 }
        while expected.count <= index { expected.append(nil) }
        let missing = expected[index].map { sequence &- $0 } ?? 0
        expected[index] = sequence &+ 1
        // Half the range and more is a step back: the counter began anew, nothing was lost.
        return missing < UInt32.max / 2 ? missing : 0
    }
}
