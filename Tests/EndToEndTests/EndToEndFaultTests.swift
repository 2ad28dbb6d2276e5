import Foundation
import SeededRandom
import Testing

/// What must not lose an alert: a receiver that is away, processes that are killed, clocks that jump.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndFaultTests {
    /// SHRIKE_TEST_OUTAGE says for how many seconds.
    private static let outage = ProcessInfo.processInfo.environment["SHRIKE_TEST_OUTAGE"].flatMap { Int($0) } ?? 12

    @Test(.timeLimit(.minutes(10)))
    func `a time without the receiver at 500 alerts a second loses none of them`() throws {
        let count = Self.outage * 500
        try Command.withDirectory { directory in
            var receiver = try Receiver(directory)
            let scene = MarkerScene(directory, receiver)
            let port = receiver.port
            receiver.stop()
            let shrike = try ShrikeProcess(scene.arguments())
            defer { shrike.stop() }
            try scene.open(1...count, rate: 500)
            #expect(MarkerScene.wait(5) { shrike.markerCount >= count })
            receiver = try Receiver(directory, port: port)
            let limit = 30 + Double(Self.outage)
            #expect(MarkerScene.wait(limit) { receiver.markerCount >= count }, "\(receiver.markerCount) arrived")
            #expect(receiver.files == scene.names(1...count), "the order, and each one once")
            #expect(!shrike.standardError.contains("lost"), "\(shrike.standardError)")
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `killed at random times, both processes lose nothing that was shown`() throws {
        var generator = SeededGenerator.fromEnvironment()
        print("SHRIKE_TEST_SEED=\(generator.seed) repeats this test's delays")
        let settings = try AuditSettings()
        defer { settings.restore() }
        try Command.withDirectory { directory in
            let receiver = try Receiver(directory)
            let scene = MarkerScene(directory, receiver)
            var shown: [String] = []
            var shrike = try ShrikeProcess(scene.arguments())
            defer { shrike.stop() }
            var victims = (Array(repeating: true, count: 10) + Array(repeating: false, count: 10))
            victims.shuffle(using: &generator)
            for (round, isSensor) in victims.enumerated() {
                let markers = try scene.begin(round * 1000 + 1...round * 1000 + 300, rate: 500)
                usleep(useconds_t.random(in: 0...600_000, using: &generator))
                if isSensor {
                    kill(shrike.pid, SIGKILL)
                    shrike.stop()
                    shown += scene.shown(shrike)
                    markers.waitUntilExit()
                    shrike = try ShrikeProcess(scene.arguments())
                } else {
                    let hasForwarder = MarkerScene.wait(5) { shrike.forwarderPID != nil }
                    #expect(hasForwarder, "round \(round)")
                    if let forwarder = shrike.forwarderPID { kill(forwarder, SIGKILL) }
                    markers.waitUntilExit()
                }
            }
            let last = try #require(scene.names(900_001...900_001).first)
            try scene.open(900_001...900_001)
            // Those that the last kill held up are before it.
            #expect(MarkerScene.wait(60) { receiver.files.last == last })
            shown += scene.shown(shrike)
            #expect(shown.count > 2000, "\(shown.count) shown")
            expectEachOnce(shown, receiver)
        }
    }

    /// Each shown marker arrived, the first arrivals in the order of showing, and a second arrival says that it is one.
    private func expectEachOnce(_ shown: [String], _ receiver: Receiver) {
        var keys: [String: Set<String>] = [:]
        var arrived: [String] = []
        var count = 0
        for request in receiver.requests {
            for file in request.alerts.compactMap({ $0.text("fd.name") }) {
                if keys[file] == nil { arrived.append(file) }
                keys[file, default: []].insert(request.headers["idempotency-key"] ?? "none, \(count)")
                count += 1
            }
        }
        let missing = Set(shown).subtracting(arrived)
        #expect(missing.isEmpty, "\(missing.count) of \(shown.count) are missing")
        let isKnown = Set(shown)
        #expect(arrived.filter(isKnown.contains) == shown, "another order")
        #expect(keys.values.allSatisfy { $0.count == 1 }, "an alert came with two keys")
        #expect(count - arrived.count < 200, "\(count - arrived.count) came twice")
    }

    @Test(.timeLimit(.minutes(2)))
    func `a receiver that takes a second for each answer neither stalls detection nor takes memory`() throws {
        try Command.withDirectory { directory in
            let receiver = try Receiver(directory, "--delay", "1")
            let scene = MarkerScene(directory, receiver)
            let shrike = try ShrikeProcess(scene.arguments())
            defer { shrike.stop() }
            try scene.open(1...200, rate: 500)
            #expect(MarkerScene.wait(5) { shrike.markerCount >= 200 })
            let forwarder = try #require(shrike.forwarderPID)
            let before = [residentKiB(shrike.pid), residentKiB(forwarder)]
            try scene.open(201...6_200, rate: 1000)
            #expect(MarkerScene.wait(2) { shrike.markerCount >= 6_200 }, "\(shrike.markerCount) shown")
            #expect(scene.shown(shrike) == scene.names(1...6_200))
            #expect(receiver.markerCount < 30)
            let after = [residentKiB(shrike.pid), residentKiB(forwarder)]
            // 6000 alerts are 5 MB: kept in memory they would show.
            for (first, second) in zip(before, after) { #expect(second < first + 4096, "\(before) \(after)") }
        }
    }

    private func residentKiB(_ pid: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        return status.firstMatch(of: /VmRSS:\s+(\d+)/).flatMap { Int($0.output.1) } ?? .max / 2
    }

    @Test(.timeLimit(.minutes(2)), arguments: [86_400, -86_400])
    func `the wall clock may jump by a day`(seconds: Int64) throws {
        try Command.withDirectory { directory in
            let shift = "\(directory)/shift"
            try Self.write(0, to: shift)
            var receiver = try Receiver(directory)
            var scene = MarkerScene(directory, receiver)
            scene.spoolKeys = ", max_age: 1h"
            let port = receiver.port
            receiver.stop()
            let preload = ["/usr/bin/env", "LD_PRELOAD=\(try Command.clockShift.get())", "CLOCK_SHIFT_FILE=\(shift)"]
            let shrike = try ShrikeProcess(scene.arguments(), launcher: preload)
            defer { shrike.stop() }
            try scene.open(1...50, rate: 500)
            #expect(MarkerScene.wait(5) { shrike.markerCount >= 50 })
            try Self.write(seconds, to: shift)
            try scene.open(51...100, rate: 500)
            #expect(MarkerScene.wait(5) { shrike.markerCount >= 100 }, "detection goes on")
            // The spool looks for old alerts once a second.
            usleep(2_500_000)
            receiver = try Receiver(directory, port: port)
            #expect(MarkerScene.wait(20) { receiver.markerCount >= 100 }, "\(receiver.markerCount) arrived")
            try Self.write(0, to: shift)
            try scene.open(101...150, rate: 500)
            #expect(MarkerScene.wait(10) { receiver.markerCount >= 150 }, "delivery goes on")
            #expect(receiver.files == scene.names(1...150), "none was taken for old")
            #expect(shrike.stop() == 0)
            #expect(!shrike.standardError.contains("lost"), "\(shrike.standardError)")
        }
    }

    /// Sets the shift in place: the file is mapped.
    private static func write(_ seconds: Int64, to path: String) throws {
        let bytes = withUnsafeBytes(of: seconds) { Data($0) }
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            return try bytes.write(to: URL(fileURLWithPath: path))
        }
        try file.write(contentsOf: bytes)
        try file.close()
    }
}
