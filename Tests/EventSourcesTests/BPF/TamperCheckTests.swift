import Testing

@testable import EventSources

@Suite struct TamperCheckTests {
    @Test func `what is altered is told once and put right, and what can't be is an outage`() throws {
        let scene = try BPFScene()
        scene.programs.altered = [("the filter was changed", true)]
        scene.tick()
        #expect(scene.notices(.tampered).count == 1)
        #expect(scene.programs.restorations == 1)
        #expect(scene.source.outage == nil)
        scene.tick()
        scene.programs.altered = [("a program is gone", false)]
        scene.tick()
        scene.tick()
        #expect(scene.notices(.tampered).count == 2)
        #expect(scene.source.outage == "a program is gone")
        #expect(scene.programs.restorations == 1)
        scene.programs.altered = []
        scene.tick()
        #expect(scene.source.outage == nil)
    }

    @Test func `a frozen map is told once`() throws {
        let scene = try BPFScene()
        scene.programs.altered = [("the filter was changed", true)]
        scene.programs.refusal = SourceFailure(reason: "the map was frozen")
        scene.tick()
        scene.tick()
        #expect(scene.notices(.blind).count == 1)
    }
}
