import Testing

@testable import EventSources

@Suite struct LoudProcessesTests {
    @Test func `whoever makes most of the events is named, however many others there are`() throws {
        var loud = LoudProcesses()
        for number in 0..<10_000 {
            loud.count(7, parent: 1, user: 0)
            if number % 2 == 0 { loud.count(8, parent: 1, user: 0) }
            loud.count(Int32(1000 + number), parent: 1, user: 0)
        }
        let found = loud.take()
        #expect(found.count == 2)
        guard case .process(7, let first) = found.first, case .process(8, let second) = found.last else {
            Issue.record("\(found)")
            return
        }
        #expect((40...42).contains(first) && (20...22).contains(second))
        #expect(loud.take().isEmpty)
    }

    @Test func `who starts many processes for a few events each is named, else the user`() {
        var loud = LoudProcesses()
        for number in 0..<10_000 { loud.count(Int32(1000 + number), parent: 7, user: 1000) }
        #expect(loud.take() == [.children(of: 7, percent: 100)])
        for number in 0..<10_000 { loud.count(Int32(1000 + number), parent: Int32(100_000 + number), user: 1000) }
        #expect(loud.take() == [.user(1000, percent: 100)])
    }

    @Test func `a process that stands out does not hide who floods by starting others`() {
        var loud = LoudProcesses()
        for number in 0..<10_000 {
            // A tenth by one process, the rest by those that 7 starts.
            if number % 10 == 0 {
                loud.count(8, parent: 1, user: 0)
            } else {
                loud.count(Int32(1000 + number), parent: 7, user: 0)
            }
        }
        #expect(loud.take() == [.children(of: 7, percent: 90)])
        // One that is loud by itself is named, not who started it.
        for _ in 0..<1000 { loud.count(9, parent: 7, user: 0) }
        #expect(loud.take() == [.process(9, percent: 100)])
    }

    @Test func `many quiet ones are nobody's fault`() {
        var loud = LoudProcesses()
        for number in 0..<100_000 {
            loud.count(Int32(number % 5000 + 1), parent: Int32(number % 4000 + 2), user: UInt32(number % 3000))
        }
        #expect(loud.take().isEmpty)
    }
}
