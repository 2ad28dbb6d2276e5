import CBPFRecords
import Foundation
import Testing

@testable import BPFRuntime

/// What the records say of sockets, beside the addresses that were passed.
@Suite(.serialized, .enabled(if: LiveSession.obstacle == nil, Comment(rawValue: LiveSession.obstacle ?? "")))
struct LiveSocketsTests {
    static let calls = [
        "faccessat", "bind", "listen", "connect", "accept", "accept4", "sendto", "sendmsg", "socketpair", "socket",
    ]

    /// The last record after each mark, by the mark's name, and the ports that were used.
    static func runSockets() throws -> (records: [String: TestRecord], ports: [UInt16], directory: String) {
        let program = try LiveSession.compile("sockets")
        defer { try? FileManager.default.removeItem(atPath: program) }
        return try LiveSession.withDirectory { directory in
            let live = try LiveSession(calls: calls)
            let answer = try LiveSession.run(program, [directory])
            var records: [String: TestRecord] = [:]
            var current: String?
            for record in live.collect(where: {
                $0.head.tgid == answer.pid && $0.kind == SHRIKE_RECORD_CALL.rawValue
                    && $0.head.type != UInt16(calls.count)
            }) {
                if record.head.type == 1 {
                    current = record.asked.flatMap { $0.hasPrefix("/mark/") ? String($0.dropFirst(6)) : nil }
                } else if let current {
                    records[current] = record
                }
            }
            #expect(live.damaged == 0)
            let ports = answer.output.split(whereSeparator: { $0.isWhitespace }).compactMap { UInt16($0) }
            return (records, ports, directory)
        }
    }

    static func port(_ record: TestRecord?) -> UInt16? {
        guard let bytes = record?[SHRIKE_PART_ADDRESS]?.bytes, bytes.count >= 4 else { return nil }
        return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }
    static func bytes(
        _ address: (
            UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8,
            UInt8
        )
    ) -> [UInt8] { withUnsafeBytes(of: address) { Array($0) } }
    static let loopback4: [UInt8] = [127, 0, 0, 1] + Array(repeating: 0, count: 12)
    static let loopback6: [UInt8] = Array(repeating: 0, count: 15) + [1]

    @Test func tellsPeersAndPorts() throws {
        let (records, ports, _) = try Self.runSockets()
        try #require(ports.count == 2)
        let tcp = try #require(records["tcp"]?.socket)
        #expect(tcp.family == 2 && tcp.type == 1 && tcp.protocol == 6 && tcp.peer_port == ports[0])
        #expect(Self.bytes(tcp.peer) == Self.loopback4 && tcp.local_port != 0)
        #expect(Self.port(records["tcp"]) == ports[0])
        // After ECONNREFUSED the socket has no port any more; the one that was asked for is told.
        #expect(records["refused"]?.head.result == -111)
        #expect(Self.port(records["refused"]) == 1)
        let zero = try #require(records["zero"]?.socket)
        #expect(Self.bytes(zero.peer) == Self.loopback4 && zero.peer_port == ports[0])
        let six = try #require(records["tcp6"]?.socket)
        #expect(six.family == 10 && Self.bytes(six.peer) == Self.loopback6 && six.peer_port == ports[1])
        let mapped = try #require(records["mapped"]?.socket)
        #expect(mapped.family == 10 && Array(Self.bytes(mapped.peer).suffix(6)) == [255, 255, 127, 0, 0, 1])
        let udp = try #require(records["udp"]?.socket)
        #expect(udp.type == 2 && udp.peer_port == 53)
        for name in ["sendto", "sendmsg"] { #expect(Self.port(records[name]) == 53, "\(name)") }
    }

    @Test func tellsWhoWasAccepted() throws {
        let (records, ports, _) = try Self.runSockets()
        try #require(ports.count == 2)
        #expect(records["bind"]?.head.result == 0 && records["bind"]?[SHRIKE_PART_ADDRESS]?.bytes.count == 16)
        #expect(records["listen"]?.socket?.local_port == ports[0] && records["listen"]?.socket?.state == 10)
        let accepted = try #require(records["accept"]?.socket)
        #expect(accepted.local_port == ports[0] && Self.bytes(accepted.peer) == Self.loopback4)
        #expect(Self.port(records["accept"]) == accepted.peer_port)
        // Who passes no address can't keep it from being told.
        let blind = try #require(records["acceptblind"]?.socket)
        #expect(blind.local_port == ports[0] && blind.peer_port != 0)
        #expect(records["acceptblind"]?[SHRIKE_PART_ADDRESS] == nil)
    }

    @Test func tellsNamesOfUnixSockets() throws {
        let (records, _, directory) = try Self.runSockets()
        // Through a symbolic link: the name that the peer is bound to.
        #expect(records["unix"]?[SHRIKE_PART_UNIX_PEER]?.text.prefix { $0 != "\0" } == "\(directory)/socket")
        #expect(records["abstract"]?[SHRIKE_PART_UNIX_PEER]?.text == "\0shrike-bpf-test")
        let pair = try #require(records["pair"])
        #expect(pair.file?.flags == SHRIKE_FILE_SOCKET.rawValue)
        #expect(pair[SHRIKE_PART_BLOCK]?.bytes.count == 8)
    }
}
