import Glibc
import Testing

@testable import KernelInterface

/// The datagrams that a service manager gets.
@Suite struct ServiceNotifierTests {
    /// A manager's end of the socket.
    final class Manager {
        let name: String
        private let descriptor: Int32

        init(_ name: String, path: [UInt8]) throws {
            self.name = name
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
            let status = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
            }
            try #require(status == 0, "bind: \(errno)")
        }

        deinit {
            close(descriptor)
            if name.hasPrefix("/") { unlink(name) }
        }

        func received() -> [String] {
            var messages: [String] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
                messages.append(String(decoding: buffer[..<count], as: UTF8.self))
            }
            return messages
        }
    }

    private static func manager(abstract: Bool) throws -> Manager {
        let unique = "shrike-notify-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        return abstract
            ? try Manager("@" + unique, path: [0] + unique.utf8)
            : try Manager("/tmp/" + unique, path: Array("/tmp/\(unique)".utf8) + [0])
    }

    @Test(arguments: [true, false])
    func `the states of a life reach the manager`(abstract: Bool) throws {
        let manager = try Self.manager(abstract: abstract)
        let notifier = try ServiceNotifier(socketName: manager.name)
        notifier.ready(status: "watching\nMAINPID=1")
        notifier.status("reloaded")
        notifier.stopping()
        #expect(
            manager.received() == [
                "READY=1\nSTATUS=watching MAINPID=1", "STATUS=reloaded",
                "STOPPING=1\nSTATUS=stopping",
            ])
    }

    @Test func `keep-alives come at half of the watchdog's time`() throws {
        let manager = try Self.manager(abstract: true)
        let notifier = try ServiceNotifier(socketName: manager.name, watchdogMicroseconds: 2_000_000)
        for step in 0...20 { notifier.tick(nowNanoseconds: 1_000_000_000 + UInt64(step) * 100_000_000) }
        #expect(manager.received() == ["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"])
    }

    @Test func `nothing is stored before what the manager has to let go of`() throws {
        let manager = try Self.manager(abstract: true)
        let notifier = try ServiceNotifier(socketName: manager.name)
        #expect(notifier.forget(named: "programs"))
        for number in 0..<600 { notifier.status("\(number)") }
        #expect(!notifier.forget(named: "programs"))
        // There is room again, but the message before is still to be sent.
        _ = manager.received()
        #expect(!notifier.store([0], named: "programs"))
        notifier.tick(nowNanoseconds: 0)
        #expect(notifier.store([0], named: "programs"))
        let messages = manager.received()
        #expect(messages.suffix(2) == ["FDSTOREREMOVE=1\nFDNAME=programs", "FDSTORE=1\nFDPOLL=0\nFDNAME=programs"])
    }

    @Test func `what finds the manager's queue full is sent later, in order`() throws {
        let manager = try Self.manager(abstract: true)
        let notifier = try ServiceNotifier(socketName: manager.name)
        // The kernel queues few datagrams (net.unix.max_dgram_qlen).
        for number in 0..<600 { notifier.status("\(number)") }
        notifier.ready(status: "armed")
        let first = manager.received()
        notifier.tick(nowNanoseconds: 0)
        let second = manager.received()
        #expect(!first.contains { $0.hasPrefix("READY") })
        #expect(second.last == "READY=1\nSTATUS=armed")
        #expect(second.first == "STATUS=593")
    }

    @Test func `without a manager nothing happens, and a bad name is an error`() throws {
        let notifier = try ServiceNotifier(socketName: nil, watchdogMicroseconds: 1)
        notifier.ready(status: "armed")
        notifier.tick(nowNanoseconds: 0)
        #expect(throws: KernelError.self) { try ServiceNotifier(socketName: "relative") }
        #expect(throws: KernelError.self) { try ServiceNotifier(socketName: "@" + String(repeating: "x", count: 200)) }
        _ = try ServiceNotifier(socketName: "/nowhere/at/all").ready(status: "")
    }

    @Test func `descriptors are stored with a name, and forgotten by it`() throws {
        let manager = try Self.manager(abstract: true)
        let notifier = try ServiceNotifier(socketName: manager.name)
        #expect(notifier.store([0, 1], named: "ring"))
        notifier.forget(named: "ring")
        #expect(manager.received() == ["FDSTORE=1\nFDPOLL=0\nFDNAME=ring", "FDSTOREREMOVE=1\nFDNAME=ring"])
        #expect(try !ServiceNotifier(socketName: nil).store([0], named: "ring"))
    }

    @Test func `stored descriptors are found by name, and closed with what holds them`() throws {
        let numbers = (0..<3).map { 500 + Int32($0) }
        for number in numbers { try #require(dup2(0, number) == number) }
        do {
            let stored = StoredDescriptors(first: 500, count: 4, names: ["link", "ring", "link"])
            #expect(stored.names == ["link", "ring"])
            #expect(stored.numbers(named: "link") == [500, 502])
            #expect(fcntl(500, F_GETFD) == FD_CLOEXEC)
            stored.close(named: "ring")
            #expect(fcntl(501, F_GETFD) == -1)
            #expect(fcntl(502, F_GETFD) == FD_CLOEXEC)
        }
        for number in numbers { #expect(fcntl(number, F_GETFD) == -1) }
    }
}
