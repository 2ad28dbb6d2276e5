import NodeState
import Testing

@testable import EventSources

@Suite struct ProcessImageTests {
    /// From a Linux 6.18 kernel.
    private static let real =
        "17243 (cat) R 17232 17232 4121 0 -1 4194304 103 0 0 0 0 0 0 0 20 0 1 0 243448 3133440 388 "
        + "18446744073709551615 94361336627200 94361336647081 140735423394224 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 "
        + "94361336663088 94361336664704 94361992605696 140735423400643 140735423400663 140735423400663 "
        + "140735423401963 0\n"

    @Test func `a real file is parsed`() throws {
        let image = try #require(ProcessImage(Array(Self.real.utf8)))
        #expect(image.parentPID == 17232)
        #expect(image.startTicks == 243448)
        #expect(image.startCode == 94361336627200)
        #expect(image.startStack == 140735423394224)
        #expect(!image.isKernelThread && !image.isZombie)
    }

    @Test(arguments: ["a) R 1 (b", "()", ") S 5 6 7", "two words", "\u{1}\u{fffd}"])
    func `a name can't pretend to be the rest`(_ name: String) throws {
        let text = Self.real.replacing("(cat)", with: "(\(name))")
        let image = try #require(ProcessImage(Array(text.utf8)))
        #expect(image.startTicks == 243448)
    }

    @Test func `zombies and kernel threads are told apart`() throws {
        let zombie = Self.real.replacing(" R ", with: " Z ")
        #expect(try #require(ProcessImage(Array(zombie.utf8))).isZombie)
        let thread = Self.real.replacing(" 4194304 ", with: " 2129984 ")
        #expect(try #require(ProcessImage(Array(thread.utf8))).isKernelThread)
    }

    @Test func `cut text is none and changed text never traps`() {
        let bytes = Array(Self.real.utf8)
        #expect(ProcessImage(Array(bytes.prefix(60))) == nil)
        #expect(ProcessImage([]) == nil)
        for _ in 0..<5_000 {
            var changed = Array(bytes.prefix(Int.random(in: 0...bytes.count)))
            for _ in 0..<4 where !changed.isEmpty { changed[Int.random(in: changed.indices)] = .random(in: 0...255) }
            _ = ProcessImage(changed)
        }
    }

    @Test func `this process is parsed`() throws {
        var text: [UInt8] = []
        #expect(HostFiles().read(PathBuffer("/proc/self/stat"), upTo: 4096, into: &text))
        let image = try #require(ProcessImage(text))
        #expect(image.startTicks > 0 && image.startStack > 0)
    }
}
