/// The machine's own IP addresses, from the first process's /proc/PID/net, looked up again now and then.
final class LocalAddresses {
    private let context: StateContext
    private var addresses: [SocketEndpoint] = []
    private var readNanoseconds: UInt64?
    private var text: [UInt8] = []

    init(context: StateContext) { self.context = context }

    /// Whether an address is the machine's own; the port does not matter.
    func contains(_ endpoint: SocketEndpoint) -> Bool {
        if endpoint.isLoopback { return true }
        if readNanoseconds.map({ context.now > $0 &+ Self.interval }) ?? true { read() }
        var address = endpoint
        address.port = 0
        return addresses.contains(address)
    }

    private static let interval: UInt64 = 10_000_000_000

    private func read() {
        readNanoseconds = context.now
        addresses.removeAll(keepingCapacity: true)
        context.setPath(process: 1, "net/fib_trie")
        if context.files.read(context.path, upTo: 1 << 20, into: &text) { readTrie() }
        context.setPath(process: 1, "net/if_inet6")
        if context.files.read(context.path, upTo: 1 << 18, into: &text) { readInterfaces() }
    }

    /// A leaf line `|-- ADDRESS` followed by `/32 host LOCAL` is an own address.
    private func readTrie() {
        var lines = LineCursor(text)
        var last: SocketEndpoint?
        while let line = lines.next() {
            var words = WordCursor(text, line)
            guard let first = words.next(), let second = words.next() else { continue }
            if first.matches("|--") {
                last = Self.dotted(second)
            } else if first.matches("/32"), second.matches("host"), words.next()?.matches("LOCAL") == true, let last {
                if !addresses.contains(last) { addresses.append(last) }
            }
        }
    }

    /// Lines begin with the address in 32 hexadecimal digits.
    private func readInterfaces() {
        var lines = LineCursor(text)
        while let line = lines.next() {
            var words = WordCursor(text, line)
            guard let digits = words.next(), digits.count == 32 else { continue }
            var endpoint = SocketEndpoint()
            endpoint.addressLength = 16
            var isAddress = true
            for index in 0..<16 {
                let position = digits.startIndex + index * 2
                let value = DecimalText.hexadecimal(digits[position..<position + 2])
                isAddress = isAddress && value != nil
                endpoint.address[index] = UInt8(truncatingIfNeeded: value ?? 0)
            }
            if isAddress { addresses.append(endpoint) }
        }
    }

    private static func dotted(_ text: ArraySlice<UInt8>) -> SocketEndpoint? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var endpoint = SocketEndpoint()
        endpoint.addressLength = 4
        for (index, part) in parts.enumerated() {
            guard let value = DecimalText.unsigned(part), value < 256 else { return nil }
            endpoint.address[index] = UInt8(value)
        }
        return endpoint
    }
}
