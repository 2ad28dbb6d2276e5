import Foundation
import Testing

/// What can happen to the spool's disk, its file and the memory, and what the user is told of it.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndSpoolFaultTests {
    private static let lossRule = "Shrike internal: alerts lost"

    @Test(.timeLimit(.minutes(3)))
    func `a full disk loses only what memory can't hold, says how much, and delivery goes on`() throws {
        try Command.withDirectory { directory in
            let receiver = try Receiver(directory)
            var scene = MarkerScene(directory, receiver)
            scene.filler = String(repeating: "x", count: 6000)
            let arguments = try scene.arguments()
            try Command.shell("mkdir -m 700 \(scene.spool) && mount -t tmpfs -o size=1m,mode=700 none \(scene.spool)")
            defer { _ = try? Command.shell("umount \(scene.spool)") }
            let shrike = try ShrikeProcess(arguments)
            defer { shrike.stop() }
            // The disk is full by others, too: there is no room left for anything.
            try scene.open(1...10)
            #expect(MarkerScene.wait(5) { receiver.markerCount >= 10 })
            try Command.shell("dd if=/dev/zero of=\(scene.spool)/other bs=4k 2>/dev/null")
            try scene.open(11...2_000, rate: 500)
            #expect(shrike.errorLine(containing: "the disk is full") != nil, "\(shrike.standardError)")
            #expect(MarkerScene.wait(10) { scene.shown(shrike).count >= 2_000 }, "detection goes on")
            try Command.shell("rm \(scene.spool)/other && mount -o remount,size=64m \(scene.spool)")
            try scene.open(2_001...2_010)
            let last = scene.names(2_010...2_010).first
            #expect(MarkerScene.wait(20) { receiver.files.last == last }, "\(shrike.standardError)")
            // Losses are summed up, ten seconds' worth in one alert.
            var told = 0
            _ = MarkerScene.wait(12) {
                told = shrike.alerts.filter { $0.rule == Self.lossRule }.compactMap { Int($0.text("count") ?? "") }
                    .reduce(0, +)
                return told + Set(receiver.files).count >= 2_010
            }
            #expect(told > 0, "8 MiB hold fewer than 2000 alerts of 12 KB")
            #expect(told + Set(receiver.files).count == 2_010, "\(told) told of, \(Set(receiver.files).count) arrived")
            #expect(receiver.requests.flatMap(\.alerts).contains { $0.rule == Self.lossRule }, "it arrives, too")
            #expect(!shrike.standardError.contains("the forwarder ended"), "\(shrike.standardError)")
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: [true, false])
    func `a damaged spool is set aside, told of, and begun anew`(isRunning: Bool) throws {
        try Command.withDirectory { directory in
            var receiver = try Receiver(directory)
            let scene = MarkerScene(directory, receiver)
            let port = receiver.port
            receiver.stop()
            var shrike = try ShrikeProcess(scene.arguments())
            defer { shrike.stop() }
            try scene.open(1...300, rate: 1000)
            #expect(MarkerScene.wait(5) { shrike.markerCount >= 300 })
            if isRunning {
                // All of the file, and all of the log: whoever looks meets it.
                for name in ["spool.db", "spool.db-wal"] { try Self.damage("\(scene.spool)/\(name)") }
            } else {
                #expect(shrike.stop() == 0)
                try Self.damage("\(scene.spool)/spool.db")
                shrike = try ShrikeProcess(scene.arguments())
            }
            receiver = try Receiver(directory, port: port)
            try scene.open(301...301)
            #expect(shrike.alert("Shrike internal: spool damaged", within: 20) != nil, "\(shrike.standardError)")
            try scene.open(302...400, rate: 1000)
            #expect(MarkerScene.wait(20) { receiver.files.suffix(99) == scene.names(302...400)[...] })
            let names = try FileManager.default.contentsOfDirectory(atPath: scene.spool)
            #expect(names.contains { $0.hasPrefix("spool.db.corrupt-") }, "\(names)")
            #expect(receiver.requests.flatMap(\.alerts).contains { $0.rule == "Shrike internal: spool damaged" })
            #expect(shrike.stop() == 0)
        }
    }

    /// Overwrites a file in place, but for its size.
    private static func damage(_ path: String) throws {
        guard let file = FileHandle(forUpdatingAtPath: path) else { return }
        let size = try file.seekToEnd()
        try file.seek(toOffset: 0)
        try file.write(contentsOf: Data(repeating: 0xa5, count: Int(size)))
        try file.close()
    }

    @Test(.timeLimit(.minutes(3)), .enabled(if: MemoryGroup.isAvailable, "needs a control group for memory"))
    func `128 MiB are enough for both processes and 20000 alerts that nobody takes`() throws {
        try Command.withDirectory { directory in
            let group = try MemoryGroup("shrike-test", bytes: 128 << 20)
            defer { group.remove() }
            var receiver = try Receiver(directory)
            let scene = MarkerScene(directory, receiver)
            let port = receiver.port
            receiver.stop()
            let shrike = try ShrikeProcess(scene.arguments(), launcher: group.launcher)
            defer { shrike.stop() }
            try scene.open(1...20_000, rate: 1500)
            #expect(MarkerScene.wait(10) { shrike.markerCount >= 20_000 }, "\(shrike.markerCount) shown")
            #expect(group.kills == 0)
            #expect(shrike.forwarderPID != nil)
            receiver = try Receiver(directory, port: port)
            #expect(MarkerScene.wait(90) { receiver.markerCount >= 20_000 }, "\(receiver.markerCount) arrived")
            #expect(receiver.files == scene.names(1...20_000))
            #expect(group.kills == 0)
            #expect(shrike.stop() == 0)
        }
    }
}
