import Testing

@testable import EventSources

@Suite struct ConnectorSequenceTests {
    @Test func `a gap on one processor counts and other processors do not matter`() {
        var sequence = ConnectorSequence()
        #expect(sequence.take(processor: 0, sequence: 5) == 0)
        #expect(sequence.take(processor: 1, sequence: 900) == 0)
        #expect(sequence.take(processor: 0, sequence: 6) == 0)
        #expect(sequence.take(processor: 0, sequence: 10) == 3)
        #expect(sequence.take(processor: 1, sequence: 901) == 0)
    }

    @Test func `the number wraps`() {
        var sequence = ConnectorSequence()
        #expect(sequence.take(processor: 0, sequence: .max) == 0)
        #expect(sequence.take(processor: 0, sequence: 0) == 0)
        #expect(sequence.take(processor: 0, sequence: 2) == 1)
    }

    @Test func `a step back is a new beginning, not a loss of four thousand million`() {
        var sequence = ConnectorSequence()
        #expect(sequence.take(processor: 0, sequence: 1000) == 0)
        #expect(sequence.take(processor: 0, sequence: 3) == 0)
    }

    @Test func `a wild processor number takes no memory`() {
        var sequence = ConnectorSequence()
        #expect(sequence.take(processor: .max, sequence: 1) == 0)
    }
}
