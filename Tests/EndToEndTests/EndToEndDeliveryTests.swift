import Foundation
import Testing

/// Alerts of a real run at a real webhook.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndDeliveryTests {
    @Test(.timeLimit(.minutes(2)))
    func `what is shown arrives at the webhook in the same order`() throws {
        try Command.withDirectory { directory in
            let receiver = try Receiver(directory)
            let scene = MarkerScene(directory, receiver)
            let shrike = try ShrikeProcess(scene.arguments())
            defer { shrike.stop() }
            try scene.open(1...30)
            #expect(MarkerScene.wait(10) { receiver.markerCount >= 30 })
            #expect(receiver.files == scene.names(1...30))
            #expect(MarkerScene.wait(2) { scene.shown(shrike) == receiver.files })
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a receiver that never answers stalls nothing`() throws {
        try Command.withDirectory { directory in
            let receiver = try Receiver(directory, "--delay", "60")
            let scene = MarkerScene(directory, receiver)
            let shrike = try ShrikeProcess(scene.arguments())
            defer { shrike.stop() }
            let start = Date()
            try scene.open(1...100)
            #expect(MarkerScene.wait(10) { shrike.markerCount >= 100 })
            #expect(Date().timeIntervalSince(start) < 5)
            #expect(shrike.stop() == 0)
        }
    }
}
