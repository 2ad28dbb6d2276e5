import EventModel
import SeededRandom
import Testing

@Suite struct PathNeedTests {
    /// What `simplified` leaves, by comparing each with each.
    private func plain(_ exact: Set<String>, _ prefixes: Set<String>, _ suffixes: Set<String>) -> PathNeed {
        if prefixes.contains("") || suffixes.contains("") { return .any }
        let lean = prefixes.filter { one in !prefixes.contains { $0 != one && one.utf8.starts(with: $0.utf8) } }
        let ends = suffixes.filter { one in
            !suffixes.contains { $0 != one && one.utf8.reversed().starts(with: $0.utf8.reversed()) }
        }
        let rest = exact.filter { path in
            !ends.contains { path.utf8.reversed().starts(with: $0.utf8.reversed()) }
        }
        return .oneOf(exact: rest, prefixes: lean, suffixes: ends)
    }

    @Test(arguments: UInt64(1)...200) func `what another covers is left out, and nothing else`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Few letters, so that many begin or end with others; one of more than a byte.
        func texts(_ least: Int) -> Set<String> {
            let count = Int.random(in: 0...12, using: &random)
            return Set(
                (0..<count).map { _ in
                    let length = Int.random(in: least...5, using: &random)
                    return String((0..<length).map { _ in "/aé".randomElement(using: &random) ?? "/" })
                })
        }
        let (exact, prefixes, suffixes) = (texts(0), texts(seed % 20 == 0 ? 0 : 1), texts(1))
        let need = PathNeed.oneOf(exact: exact, prefixes: prefixes, suffixes: suffixes)
        #expect(need.simplified == plain(exact, prefixes, suffixes))
    }
}
