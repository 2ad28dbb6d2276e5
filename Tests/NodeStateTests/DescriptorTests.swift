import EventModel
import TestNode
import Testing

@testable import NodeState

@Suite struct DescriptorTests {
    private static func scene() -> StateScene {
        let scene = StateScene()
        scene.files.addProcess(60, command: "bash", directory: "/home/x")
        return scene
    }

    @Test func `a reverse shell is seen when a socket is duplicated onto standard input`() throws {
        let scene = Self.scene()
        for number in [3, 0] as [Int32] {
            scene.files.addSocket(
                number, of: 60, inode: 777, local: ([10, 0, 0, 10], 41394), remote: ([4, 3, 2, 1], 443))
        }
        scene.apply("dup2", pid: 60) { event in
            event.setRegisters(3, 0, 0, 0)
            event.result = 0
        }
        let descriptor = try #require(scene.state.current.descriptor)
        #expect(scene.state.current.descriptorNumber == 0)
        #expect(descriptor.kind == .ipv4 && descriptor.transport == .tcp && descriptor.isConnected)
        #expect(descriptor.role == .client)
        #expect(scene.descriptorName == "10.0.0.10:41394->4.3.2.1:443")
    }

    @Test func `a socket that only events told of keeps its addresses when duplicated`() throws {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash"])
        scene.apply("socket", pid: 60) { event in
            event.setRegisters(2, 1, 0, 0)
            event.result = 3
        }
        #expect(scene.state.current.descriptor?.kind == .ipv4)
        #expect(scene.descriptorName == "")
        scene.apply("connect", pid: 60) { event in
            event.setRegisters(3, 0x7fff_0000, 16, 0)
            event.setAddress(203, 0, 113, 5, port: 4444)
        }
        #expect(scene.state.current.isNameChanged)
        #expect(scene.state.current.descriptor?.isConnected == true)
        scene.apply("dup2", pid: 60) { event in
            event.setRegisters(3, 1, 0, 0)
            event.result = 1
        }
        let copy = try #require(scene.state.current.descriptor)
        #expect(copy.number == 1 && copy.kind == .ipv4 && copy.transport == .tcp)
        #expect(scene.descriptorName == "0.0.0.0:0->203.0.113.5:4444")
    }

    /// As a shell does it for a built-in command: what /proc has under the new number by now is of another moment.
    @Test(arguments: [true, false])
    func `a stream that was put back does not hide the socket that was there, but for one that is gone`(isOpen: Bool)
        throws
    {
        let scene = Self.scene()
        scene.files.addSocket(5, of: 60, inode: 777, local: ([10, 0, 0, 10], 41394), remote: ([4, 3, 2, 1], 443))
        scene.apply("connect", pid: 60) { event in
            event.setRegisters(5, 0, 16, 0)
            event.setAddress(4, 3, 2, 1, port: 443)
        }
        if !isOpen { scene.files.links["/proc/60/fd/5"] = nil }
        scene.files.links["/proc/60/fd/2"] = "/dev/pts/1"
        scene.apply("dup2", pid: 60) { event in
            event.setRegisters(5, 2, 0, 0)
            event.result = 2
        }
        let copy = try #require(scene.state.current.descriptor)
        #expect(copy.number == 2 && copy.kind == (isOpen ? .ipv4 : .file))
    }

    /// A shell's built-in command with its output and errors tied: when the second is asked about, the first may be back.
    @Test(arguments: [(milliseconds: UInt64(1), kind: DescriptorKind.ipv4), (1000, .file)])
    func `a stream is what was put there just before, else what is there`(milliseconds: UInt64, kind: DescriptorKind)
        throws
    {
        let scene = Self.scene()
        scene.files.addSocket(5, of: 60, inode: 777, local: ([10, 0, 0, 10], 41394), remote: ([4, 3, 2, 1], 443))
        scene.files.links["/proc/60/fd/2"] = "/dev/pts/1"
        scene.files.links["/proc/60/fd/1"] = "/dev/pts/1"
        for stream in [Int64(2), 1] {
            scene.apply("dup2", pid: 60) { event in
                event.setRegisters(5, UInt64(stream), 0, 0)
                event.result = stream
                if stream == 1 { event.timeNanoseconds += milliseconds * 1_000_000 }
            }
        }
        let process = try #require(scene.state.current.process)
        #expect(scene.state.standardStream(2, of: process)?.kind == kind)
    }

    @Test func `a connect in progress is a connection, a refused one has its address`() {
        let scene = Self.scene()
        scene.files.addSocket(3, of: 60, inode: 777, local: ([10, 0, 0, 10], 41394), remote: ([4, 3, 2, 1], 443))
        scene.apply("connect", pid: 60) { event in
            event.setRegisters(3, 0, 16, 0)
            event.setAddress(4, 3, 2, 1, port: 443)
            event.result = -115
        }
        #expect(scene.state.current.descriptor?.isConnected == true)
        #expect(scene.descriptorName == "10.0.0.10:41394->4.3.2.1:443")
        scene.files.links["/proc/60/fd/4"] = "socket:[999]"
        scene.apply("connect", pid: 60) { event in
            event.setRegisters(4, 0, 16, 0)
            event.setAddress(9, 9, 9, 9, port: 80)
            event.result = -111
        }
        #expect(scene.state.current.descriptor?.isConnected == false)
        #expect(scene.state.current.descriptor?.server.port == 80)
    }

    @Test func `an accepted connection has the peer on the client side`() throws {
        let scene = Self.scene()
        scene.files.addSocket(3, of: 60, inode: 1111, local: ([127, 0, 0, 1], 8080), isListening: true)
        scene.files.addSocket(7, of: 60, inode: 888, local: ([127, 0, 0, 1], 8080), remote: ([127, 0, 0, 1], 49153))
        scene.apply("accept4", pid: 60) { event in
            event.setRegisters(3, 0, 0, 0)
            event.result = 7
            event.setAddress(127, 0, 0, 1, port: 49153)
        }
        let descriptor = try #require(scene.state.current.descriptor)
        #expect(descriptor.number == 7 && descriptor.role == .server && descriptor.transport == .tcp)
        #expect(scene.descriptorName == "127.0.0.1:49153->127.0.0.1:8080")
    }

    @Test func `a listening socket shows its own address`() {
        let scene = Self.scene()
        scene.files.addSocket(3, of: 60, inode: 1111, local: ([127, 0, 0, 1], 8080), isListening: true)
        scene.apply("listen", pid: 60) { $0.setRegisters(3, 128, 0, 0) }
        #expect(scene.descriptorName == "127.0.0.1:8080")
        #expect(scene.state.current.descriptor?.server.port == 8080)
        #expect(scene.state.current.descriptor?.client.isKnown == false)
    }

    @Test func `the first datagram to a new peer changes the name`() {
        let scene = Self.scene()
        scene.apply("socket", pid: 60) { event in
            event.setRegisters(2, 2, 0, 0)
            event.result = 5
        }
        for (port, isChanged) in [(53, true), (53, false), (54, true)] as [(UInt16, Bool)] {
            scene.apply("sendto", pid: 60) { event in
                event.setRegisters(5, 0, 10, 0)
                event.result = 10
                event.setAddress(8, 8, 8, 8, port: port)
            }
            #expect(scene.state.current.isNameChanged == isChanged)
            #expect(scene.state.current.descriptor?.isConnected == true)
            #expect(scene.state.current.descriptor?.transport == .udp)
        }
    }

    @Test func `a number that was given out anew is not what it was`() {
        let scene = Self.scene()
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0, 0)
            event.add(path: "/etc/passwd")
            event.result = 3
        }
        #expect(scene.descriptorName == "/etc/passwd")
        scene.files.addSocket(3, of: 60, inode: 777, local: ([10, 0, 0, 10], 41394), remote: ([4, 3, 2, 1], 443))
        scene.apply("fchmod", pid: 60) { $0.setRegisters(3, 0, 0, 0) }
        #expect(scene.state.current.descriptor?.kind == .ipv4)
    }

    @Test func `a closed descriptor is there for its close and gone behind it`() throws {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash"])
        scene.apply("open", pid: 60) { event in
            event.add(path: "/etc/hosts")
            event.result = 3
        }
        scene.apply("close", pid: 60) { $0.setRegisters(3, 0, 0, 0) }
        #expect(scene.descriptorName == "/etc/hosts")
        scene.apply("fchmod", pid: 60) { $0.setRegisters(3, 0, 0, 0) }
        #expect(scene.state.current.descriptor == nil && scene.state.current.descriptorNumber == 3)
        #expect(scene.state.counters.descriptors == 0)
    }

    @Test func `a failed open has number -1 and no record`() {
        let scene = Self.scene()
        scene.apply("openat", pid: 60) { event in
            event.setRegisters(0xffff_ff9c, 0, 0, 0)
            event.add(path: "../y//z", role: .unknown)
            event.result = -2
        }
        #expect(scene.state.current.isDescriptorEvent && scene.state.current.descriptorNumber == -1)
        #expect(scene.state.current.descriptor == nil)
    }

    @Test func `paths start from the directory descriptor, or say that it is unknown`() {
        let scene = Self.scene()
        scene.files.links["/proc/60/fd/9"] = "/srv/data"
        var directory = FileStatus()
        directory.mode = 0o040755
        scene.files.statuses["/proc/60/fd/9"] = directory
        for (number, expected) in [(9, "/srv/data/a"), (8, "<UNKNOWN>/a")] as [(UInt64, String)] {
            scene.apply("openat", pid: 60) { event in
                event.setRegisters(number, 0, 0, 0)
                event.add(path: "/srv", role: .parent)
                event.add(path: "./b/../a", role: .create)
                event.result = 3
            }
            #expect(scene.descriptorName == expected)
        }
    }

    @Test(arguments: [
        ("pipe:[55]", DescriptorKind.pipe, ""), ("anon_inode:[eventpoll]", .eventPoll, "anon_inode:[eventpoll]"),
        ("anon_inode:[eventfd]", .event, "anon_inode:[eventfd]"),
        ("anon_inode:inotify", .inotify, "anon_inode:inotify"),
        ("anon_inode:[timerfd]", .timer, "anon_inode:[timerfd]"),
        ("anon_inode:[signalfd]", .signal, "anon_inode:[signalfd]"),
        ("anon_inode:[io_uring]", .ioUring, "anon_inode:[io_uring]"),
        ("anon_inode:bpf-prog", .bpf, "anon_inode:bpf-prog"),
        ("anon_inode:[userfaultfd]", .userFault, "anon_inode:[userfaultfd]"),
        ("anon_inode:[pidfd]", .pid, "anon_inode:[pidfd]"), ("/memfd:x (deleted)", .memory, "x"),
        ("/dev/null", .file, "/dev/null"), ("anon_inode:[new]", .unsupported, "anon_inode:[new]"),
    ])
    func `what a link below /proc says of a descriptor`(_ link: String, _ kind: DescriptorKind, _ name: String) {
        let scene = Self.scene()
        scene.files.links["/proc/60/fd/4"] = link
        scene.apply("fchmod", pid: 60) { $0.setRegisters(4, 0, 0, 0) }
        #expect(scene.state.current.descriptor?.kind == kind)
        #expect(scene.descriptorName == name)
    }

    @Test func `unix sockets have their path, abstract names an at sign`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash"])
        for (path, name) in [("/run/docker.sock", "0->0 /run/docker.sock"), ("\0abs", "0->0 @abs")] {
            scene.apply("connect", pid: 60) { event in
                event.setRegisters(3, 0, 16, 0)
                event.socketAddress = event.store([1, 0] + Array(path.utf8) + [0])
            }
            #expect(scene.state.current.descriptor?.kind == .unix)
            #expect(scene.descriptorName == name)
        }
    }

    @Test func `memory files and pairs`() {
        let scene = StateScene()
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash"])
        scene.apply("pipe2", pid: 60) { event in
            event.descriptors[0] = 4
            event.descriptors[1] = 5
        }
        #expect(scene.state.current.descriptor?.kind == .pipe && scene.state.current.descriptorNumber == 4)
        scene.apply("memfd_create", pid: 60) { event in
            event.add(path: "payload")
            event.result = 6
        }
        #expect(scene.descriptorName == "payload")
    }

    @Test func `the table is bounded and a process's end empties it`() {
        let scene = StateScene {
            $0.descriptorLimit = 100; $0.exitedGraceNanoseconds = 1
        }
        scene.exec(pid: 60, parent: 1, "/bin/bash", ["bash"])
        for number in 0..<500 as Range<Int64> {
            scene.apply("open", pid: 60) { event in
                event.add(path: "/f\(number)")
                event.result = number
            }
            #expect(scene.descriptorName == "/f\(number)")
        }
        #expect(scene.state.counters.descriptors == 100)
        #expect(scene.state.counters.descriptorsEvicted == 400)
        scene.exit(60)
        scene.seconds += 1
        scene.state.tick(nowNanoseconds: scene.now)
        #expect(scene.state.counters.descriptors == 0)
    }

    @Test func `chdir and fchdir move the process`() {
        let scene = Self.scene()
        scene.apply("chdir", pid: 60) { $0.add(path: "../y/.") }
        #expect(scene.state.current.process.map { text($0.currentDirectory) } == "/home/y/")
        scene.files.links["/proc/60/fd/9"] = "/srv"
        var directory = FileStatus()
        directory.mode = 0o040755
        scene.files.statuses["/proc/60/fd/9"] = directory
        scene.apply("fchdir", pid: 60) { $0.setRegisters(9, 0, 0, 0) }
        #expect(scene.state.current.process.map { text($0.currentDirectory) } == "/srv/")
    }

    @Test(
        arguments: [
            ([127, 0, 0, 1], "127.0.0.1:8080"), ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "::1:8080"),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1], "10.0.0.1:8080"),
            ([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "2001:db8::1:8080"),
            ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], ":::8080"),
        ] as [([UInt8], String)])
    func `addresses of the kernel's structures`(_ address: [UInt8], _ shown: String) throws {
        let port: [UInt8] = [0x1f, 0x90]
        let structure = address.count == 4 ? [2, 0] + port + address : [10, 0] + port + [0, 0, 0, 0] + address
        let endpoint = try #require(SocketEndpoint(socketAddress: structure[...]))
        var name: [UInt8] = []
        endpoint.append(withPort: true, into: &name)
        #expect(text(name) == shown)
    }

    @Test func `the kernel is asked once for each connection, and not about another's socket`() {
        let scene = Self.scene()
        scene.files.addSocket(3, of: 60, inode: 777, local: ([10, 0, 0, 10], 41394), remote: ([4, 3, 2, 1], 443))
        for _ in 0..<5 {
            scene.apply("sendto", pid: 60) { $0.setRegisters(3, 0, 0, 0) }
            #expect(scene.descriptorName == "10.0.0.10:41394->4.3.2.1:443")
        }
        #expect(scene.files.socketLooks == 1)
        // Given out anew between the link and the question.
        scene.files.addSocket(4, of: 60, inode: 888, local: ([10, 0, 0, 10], 5), remote: ([9, 9, 9, 9], 443))
        scene.files.links["/proc/60/fd/4"] = "socket:[999]"
        scene.apply("sendto", pid: 60) { $0.setRegisters(4, 0, 0, 0) }
        #expect(scene.descriptorName == "")
        #expect(scene.state.counters.socketMisses == 1)
    }

    @Test func `over the bound of a second fields are missing, and it is counted; identities are not`() {
        let scene = StateScene { $0.looksPerSecond = 3 }
        scene.files.addProcess(60, command: "bash")
        for number in 3..<9 as Range<Int32> {
            scene.files.links["/proc/60/fd/\(number)"] = "/dev/null"
            scene.apply("fchmod", pid: 60) { $0.setRegisters(UInt64(number), 0, 0, 0) }
        }
        #expect(scene.state.counters.looksRefused > 0 && scene.state.current.descriptor == nil)
        scene.files.addProcess(61, command: "late", cgroup: "0::/k8s.io/\(BundleFixture.id)\n")
        scene.apply("chmod", pid: 61)
        #expect(scene.state.current.process.map { text($0.command) } == "late" && scene.state.current.container != nil)
        scene.seconds += 1
        scene.apply("fchmod", pid: 60) { $0.setRegisters(8, 0, 0, 0) }
        #expect(scene.descriptorName == "/dev/null")
    }

    @Test func `the machine's own addresses`() {
        let scene = StateScene()
        scene.files["/proc/1/net/fib_trie"] = """
            Main:
              +-- 10.0.0.0/24 2 0 2
                 |-- 10.0.0.0
                    /24 link UNICAST
                 |-- 10.0.0.7
                    /32 host LOCAL

            """
        scene.files["/proc/1/net/if_inet6"] = "20010db8000000000000000000000001 02 40 00 80 eth0\n"
        for (address, isLocal) in [
            ([2, 0, 0, 80, 10, 0, 0, 7], true), ([2, 0, 0, 80, 10, 0, 0, 0], false),
            ([2, 0, 0, 80, 127, 0, 0, 2], true),
            ([10, 0, 0, 80, 0, 0, 0, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], true),
        ] as [([UInt8], Bool)] {
            let endpoint = SocketEndpoint(socketAddress: address[...]) ?? SocketEndpoint()
            #expect(scene.state.isLocalAddress(endpoint) == isLocal)
        }
    }
}
