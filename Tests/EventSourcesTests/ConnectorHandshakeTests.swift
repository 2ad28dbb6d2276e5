import Testing

@testable import EventSources

@Suite struct ConnectorHandshakeTests {
    /// What each look gives; nothing when they are over.
    private func search(_ looks: [ConnectorHandshake.Look], patience: Int32, arrives: Bool = true) throws -> (Bool, Int)
    {
        var rest = looks[...]
        var waits = 0
        let isFound = try ConnectorHandshake.search(patience: patience) { milliseconds in
            #expect(milliseconds == patience)
            waits += 1
            return arrives
        } look: { () throws(ConnectorFailure) in
            rest.popFirst() ?? .nothing
        }
        return (isFound, waits)
    }

    @Test func `an event that is not there yet is waited for`() throws {
        #expect(try search([.nothing, .others, .nothing, .found], patience: 100) == (true, 2))
    }

    @Test func `without patience what is there decides`() throws {
        #expect(try search([.others, .nothing, .found], patience: 0) == (false, 0))
        #expect(try search([.others, .found], patience: 0) == (true, 0))
    }

    @Test func `a silent kernel is given up after the wait`() throws {
        #expect(try search([.nothing, .found], patience: 100, arrives: false) == (false, 1))
    }

    @Test func `endless other events end it too`() throws {
        #expect(try search(Array(repeating: .others, count: 10_000), patience: 100) == (false, 0))
    }
}
