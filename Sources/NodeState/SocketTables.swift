import EventModel

/// The socket tables below /proc/PID/net (proc_pid_net(5), proc_net_tcp in the kernel's documentation), searched by inode.
final class SocketTables {
    private let context: StateContext
    private var text: [UInt8] = []

    init(context: StateContext) { self.context = context }

    /// Fills a socket's kind, protocol, addresses and role from the table that lists its inode.
    func find(_ descriptor: DescriptorRecord, of process: ProcessRecord) {
        for table in Self.tables where fits(table, descriptor) {
            context.setPath(process: process.pid, "net/")
            context.path.append(table.file)
            guard context.files.read(context.path, upTo: context.options.socketTableLimit, into: &text) else {
                continue
            }
            if find(descriptor.storedInode, in: table, descriptor) { return }
        }
        context.counters.socketMisses += 1
    }

    private struct Table {
        let file: StaticString
        let kind: DescriptorKind
        let transport: TransportProtocol
        /// Position of the inode's word.
        let inodeWord: Int
    }

    private static let tables: [Table] = [
        Table(file: "tcp", kind: .ipv4, transport: .tcp, inodeWord: 9),
        Table(file: "tcp6", kind: .ipv6, transport: .tcp, inodeWord: 9),
        Table(file: "udp", kind: .ipv4, transport: .udp, inodeWord: 9),
        Table(file: "udp6", kind: .ipv6, transport: .udp, inodeWord: 9),
        Table(file: "unix", kind: .unix, transport: .unknown, inodeWord: 6),
        Table(file: "raw", kind: .ipv4, transport: .raw, inodeWord: 9),
        Table(file: "raw6", kind: .ipv6, transport: .raw, inodeWord: 9),
        Table(file: "icmp", kind: .ipv4, transport: .icmp, inodeWord: 9),
        Table(file: "icmp6", kind: .ipv6, transport: .icmp, inodeWord: 9),
        Table(file: "netlink", kind: .netlink, transport: .unknown, inodeWord: 9),
        Table(file: "packet", kind: .unsupported, transport: .unknown, inodeWord: 8),
    ]

    private func fits(_ table: Table, _ descriptor: DescriptorRecord) -> Bool {
        // An IPv6 socket may be shown as IPv4 when its addresses are mapped ones.
        if descriptor.storedKind.isInternet { return table.kind.isInternet }
        return descriptor.storedKind == .unknown || descriptor.storedKind == table.kind
    }

    private func find(_ inode: UInt64, in table: Table, _ descriptor: DescriptorRecord) -> Bool {
        var digits: [UInt8] = []
        digits.append(decimal: inode)
        var lines = LineCursor(text)
        _ = lines.next()
        while let line = lines.next() {
            var words = WordCursor(text, line)
            var local: ArraySlice<UInt8> = []
            var remote: ArraySlice<UInt8> = []
            var index = 0
            var isFound = false
            while let word = words.next() {
                if index == 1 { local = word }
                if index == 2 { remote = word }
                if index == table.inodeWord {
                    isFound = word.elementsEqual(digits)
                    break
                }
                index += 1
            }
            guard isFound else { continue }
            fill(descriptor, table, local: local, remote: remote, state: text[line], rest: &words)
            return true
        }
        return false
    }

    private func fill(
        _ descriptor: DescriptorRecord, _ table: Table, local: ArraySlice<UInt8>, remote: ArraySlice<UInt8>,
        state line: ArraySlice<UInt8>, rest words: inout WordCursor
    ) {
        if descriptor.storedKind == .unknown { descriptor.storedKind = table.kind }
        if table.kind == .unix {
            if descriptor.storedName.isEmpty, let path = words.next() { descriptor.storedName.replace(with: path) }
            return
        }
        guard table.kind.isInternet else { return }
        if descriptor.storedProtocol == .unknown { descriptor.storedProtocol = table.transport }
        guard let near = SocketEndpoint(procText: local), let far = SocketEndpoint(procText: remote) else { return }
        if !descriptor.storedLocal.isKnown || descriptor.storedLocal.isUnspecified { descriptor.storedLocal = near }
        let isConnectedHere = far.port != 0 || !far.isUnspecified
        if isConnectedHere {
            descriptor.isConnected = true
            if !descriptor.storedRemote.isKnown { descriptor.storedRemote = far }
            // A connection without a listener of its port in the same tables was begun here.
            if descriptor.storedRole == .none {
                descriptor.storedRole = isListening(port: near.port, table) ? .server : .client
            }
        } else if near.port != 0 {
            descriptor.isBound = true
        }
    }

    private func isListening(port: UInt16, _ table: Table) -> Bool {
        guard table.transport == .tcp else { return false }
        var lines = LineCursor(text)
        while let line = lines.next() {
            var words = WordCursor(text, line)
            guard words.next() != nil, let local = words.next(), words.next() != nil, let state = words.next() else {
                continue
            }
            // 0A is TCP_LISTEN (linux/tcp.h).
            if state.matches("0A"), SocketEndpoint(procText: local)?.port == port { return true }
        }
        return false
    }
}

extension SocketEndpoint {
    /// Reads `0100007F:1F90`: each 32-bit word of the address in the machine's byte order, the port as a number.
    init?(procText text: ArraySlice<UInt8>) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")),
            let portNumber = DecimalText.hexadecimal(text[(colon + 1)...])
        else { return nil }
        let digits = text[..<colon]
        guard digits.count == 8 || digits.count == 32 else { return nil }
        self.init()
        port = UInt16(truncatingIfNeeded: portNumber)
        addressLength = UInt8(digits.count / 2)
        var position = digits.startIndex
        for word in 0..<(digits.count / 8) {
            guard let value = DecimalText.hexadecimal(digits[position..<position + 8]) else { return nil }
            position += 8
            let inMemory = UInt32(truncatingIfNeeded: value)
            #if _endian(little)
                for byte in 0..<4 { address[word * 4 + byte] = UInt8(truncatingIfNeeded: inMemory >> (8 * byte)) }
            #else
                for byte in 0..<4 { address[word * 4 + byte] = UInt8(truncatingIfNeeded: inMemory >> (24 - 8 * byte)) }
            #endif
        }
        unmap()
    }

    /// Reads a `struct sockaddr` of IP (ip(7), ipv6(7)); nil for other families and short ones.
    init?(socketAddress bytes: ArraySlice<UInt8>) {
        guard let family = Self.family(of: bytes) else { return nil }
        let base = bytes.startIndex
        self.init()
        switch family {
        case 2 where bytes.count >= 8:
            addressLength = 4
            for index in 0..<4 { address[index] = bytes[base + 4 + index] }
        case 10 where bytes.count >= 24:
            addressLength = 16
            for index in 0..<16 { address[index] = bytes[base + 8 + index] }
        default: return nil
        }
        port = UInt16(bytes[base + 2]) << 8 | UInt16(bytes[base + 3])
        unmap()
    }

    /// The family of a `struct sockaddr`: two bytes in the machine's order.
    static func family(of bytes: ArraySlice<UInt8>) -> UInt16? {
        guard bytes.count >= 2 else { return nil }
        let (first, second) = (UInt16(bytes[bytes.startIndex]), UInt16(bytes[bytes.startIndex + 1]))
        return UInt16(littleEndian: 1) == 1 ? second << 8 | first : first << 8 | second
    }

    /// Shows an IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) as IPv4.
    private mutating func unmap() {
        guard addressLength == 16, address[10] == 0xff, address[11] == 0xff else { return }
        for index in 0..<10 where address[index] != 0 { return }
        for index in 0..<4 { address[index] = address[12 + index] }
        for index in 4..<16 { address[index] = 0 }
        addressLength = 4
    }
}
