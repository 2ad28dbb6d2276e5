import Testing

@testable import EventSources

@Suite struct LoudProcessesTests {
    @Test func `whoever makes most of the events is named, however many others there are`() {
        var loud = LoudProcesses()
        for number in 0..<10_000 {
            loud.count(7)
            if number % 2 == 0 { loud.count(8) }
            loud.count(Int32(1000 + number))
        }
        let found = loud.take()
        #expect(found.map(\.pid) == [7, 8])
        #expect((40...42).contains(found[0].percent) && (20...22).contains(found[1].percent))
        #expect(loud.take().isEmpty)
    }

    @Test func `many quiet ones are nobody's fault`() {
        var loud = LoudProcesses()
        for number in 0..<100_000 { loud.count(Int32(number % 5000 + 1)) }
        #expect(loud.take().isEmpty)
    }
}
