import Glibc
import Testing

@testable import KernelInterface

@Suite struct CapabilitySetTests {
    @Test func `names are libcap's, in the order of the numbers`() {
        let set: CapabilitySet = [.auditRead, .sysPtrace, .netAdmin]
        #expect(set.names == ["CAP_NET_ADMIN", "CAP_SYS_PTRACE", "CAP_AUDIT_READ"])
        #expect(CapabilitySet(bit: 63).names == ["63"])
        #expect(CapabilitySet(bit: 64).isEmpty && CapabilitySet(bit: -1).isEmpty)
    }

    @Test func `what is effective is permitted`() throws {
        #expect(try CapabilitySet.permitted().isSuperset(of: CapabilitySet.effective()))
    }
}

@Suite struct DescriptorChannelTests {
    @Test func `messages stay apart and carry descriptors`() throws {
        let ends = try DescriptorChannel.Pair()
        let far = DescriptorChannel(FileDescriptor(owning: dup(ends.other.rawValue)))
        let near = ends.takeOwn()
        #expect(try far.receive() == nil)
        let file = try ChildProcess.file(holding: Array("hello".utf8), name: "test")
        try near.send([1, 2, 3], descriptors: [file.rawValue, file.rawValue])
        try near.send([4])
        do {
            guard let message = try far.receive() else {
                Issue.record("no message")
                return
            }
            #expect(message.bytes == [1, 2, 3])
            #expect(message.numbers.count == 2 && message.numbers.allSatisfy { $0 >= 64 })
            var text = [UInt8](repeating: 0, count: 5)
            #expect(pread(message.numbers[1], &text, 5, 0) == 5 && text == Array("hello".utf8))
        }
        let second = try far.receive()?.bytes
        #expect(second == [4])
        #expect(try far.receive() == nil)
    }

    @Test func `the other end's close is an empty message`() throws {
        let ends = try DescriptorChannel.Pair()
        let far = DescriptorChannel(FileDescriptor(owning: dup(ends.other.rawValue)))
        do { _ = ends.takeOwn() }
        let bytes = try far.receive()?.bytes
        #expect(bytes == [])
        #expect(throws: KernelError.self) { try far.send([1]) }
    }
}

@Suite struct KernelFilesTests {
    /// A directory that is gone after the test.
    private static func withDirectory(_ body: (String) throws -> Void) throws {
        var name = Array("/var/tmp/shrike-test-XXXXXX".utf8CString)
        let isMade = name.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkdtemp($0) != nil } ?? false }
        try #require(isMade)
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            for entry in ["a.log", "b.log"] { unlink("\(path)/\(entry)") }
            rmdir(path)
        }
        try body(path)
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = FileDescriptor(owning: open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600))
        try #require(descriptor.rawValue >= 0)
        #expect(Glibc.write(descriptor.rawValue, text, text.utf8.count) == text.utf8.count)
    }

    @Test func `a renamed log is another file than what takes its name`() throws {
        try Self.withDirectory { directory in
            let path = "\(directory)/a.log"
            try Self.write("one\n", to: path)
            let log = try LogFile(path: path)
            #expect(log.isRegular && log.size == 4 && log.identity == LogFile.identity(ofPath: path))
            #expect(rename(path, "\(directory)/b.log") == 0)
            #expect(LogFile.identity(ofPath: path) == nil)
            try Self.write("two\n", to: path)
            #expect(LogFile.identity(ofPath: path) != log.identity)
            var buffer = [UInt8](repeating: 0, count: 16)
            let count = try buffer.withUnsafeMutableBytes { (bytes) throws(KernelError) in try log.read(into: bytes) }
            #expect(buffer.prefix(count).elementsEqual("one\n".utf8))
        }
    }

    @Test func `a missing file's error names the call, the file and the reason`() {
        let error = #expect(throws: KernelError.self) { _ = try LogFile(path: "/nonexistent/audit.log").size }
        #expect(error?.errno == ENOENT)
        #expect(error?.description.contains("/nonexistent/audit.log") == true)
        #expect(error?.description.contains("No such file") == true)
    }

    private static func isReadable(_ descriptor: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) == 1
    }

    @Test func `a watched directory tells of a change until that is taken, and of its own end`() throws {
        try Self.withDirectory { directory in
            let watch = try DirectoryWatch(path: directory)
            #expect(!Self.isReadable(watch.rawValue))
            try Self.write("x", to: "\(directory)/a.log")
            #expect(Self.isReadable(watch.rawValue))
            let isAlive = watch.clear()
            #expect(isAlive)
            #expect(!Self.isReadable(watch.rawValue))
            unlink("\(directory)/a.log")
            rmdir(directory)
            let isAliveStill = watch.clear()
            #expect(!isAliveStill)
        }
    }

    @Test func `a descriptor knows its path`() throws {
        try Self.withDirectory { directory in
            let path = "\(directory)/a.log"
            try Self.write("x", to: path)
            let log = try LogFile(path: path)
            #expect(DescriptorFacts.path(of: log.rawValue) == Array(path.utf8))
            #expect(DescriptorFacts.status(of: log.rawValue)?.mode ?? 0 & 0o777 != 0)
            #expect(DescriptorFacts.path(of: -1) == nil && DescriptorFacts.status(of: -1) == nil)
        }
    }
}

@Suite struct GzipInflaterTests {
    /// `printf hello | gzip -n`
    private static let hello: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x86,
        0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
    ]

    private static func inflate(_ input: [UInt8], step: Int) -> (text: [UInt8], outcomes: [GzipInflater.Outcome]) {
        guard var inflater = GzipInflater() else { return ([], []) }
        var text: [UInt8] = []
        var outcomes: [GzipInflater.Outcome] = []
        var output = [UInt8](repeating: 0, count: 64)
        var start = 0
        while start < input.count {
            var (consumed, produced) = (0, 0)
            let outcome = input[start..<min(start + step, input.count)].withUnsafeBytes { bytes in
                output.withUnsafeMutableBytes {
                    inflater.inflate(bytes, into: $0, consumed: &consumed, produced: &produced)
                }
            }
            text += output.prefix(produced)
            outcomes.append(outcome)
            start += consumed
            if outcome == .damaged || consumed == 0 { break }
        }
        return (text, outcomes)
    }

    @Test(arguments: [1, 7, 1000])
    func `members one after another are one text, however they are cut`(_ step: Int) {
        let (text, outcomes) = Self.inflate(Self.hello + Self.hello, step: step)
        #expect(text.elementsEqual("hellohello".utf8))
        #expect(outcomes.filter { $0 == .memberEnd }.count == 2)
    }

    @Test func `damage is told`() {
        var damaged = Self.hello
        damaged[12] ^= 0xff
        #expect(Self.inflate(damaged, step: 1000).outcomes.last == .damaged)
        #expect(Self.inflate(Array("no gzip".utf8), step: 1000).outcomes == [.damaged])
    }
}
