import EventModel

/// Keeps an event type's tables of tests that are gone through one by one within bounds: the tests that most alternatives share stay.
struct FilterBounds {
    private let contained: Set<[UInt8]>
    private let argumentTests: Set<ArgumentTest>

    private struct ArgumentTest: Hashable {
        let dimension: FilterDimension
        let test: BitNeed.Test
    }

    init(_ needs: [FilterNeed], _ limits: FilterLimits) {
        var texts: [[UInt8]: Int] = [:]
        var tests: [ArgumentTest: Int] = [:]
        for need in needs {
            for (dimension, values) in need.conditions {
                switch values {
                case .text(let need):
                    for text in (need.included?.contained ?? []).union(need.excluded.contained) {
                        texts[text, default: 0] += 1
                    }
                case .bits(let need):
                    for test in need.tests { tests[ArgumentTest(dimension: dimension, test: test), default: 0] += 1 }
                case .numbers, .networks: continue
                }
            }
        }
        contained = Self.mostUsed(texts, limits.containedTexts) { $0.lexicographicallyPrecedes($1) }
        argumentTests = Self.mostUsed(tests, limits.argumentTests) {
            ($0.dimension, $0.test.mask, $0.test.bits) < ($1.dimension, $1.test.mask, $1.test.bits)
        }
    }

    private static func mostUsed<Key: Hashable>(
        _ counts: [Key: Int], _ limit: Int, _ precedes: (Key, Key) -> Bool
    ) -> Set<Key> {
        guard counts.count > limit else { return Set(counts.keys) }
        let sorted = counts.sorted { $0.value == $1.value ? precedes($0.key, $1.key) : $0.value > $1.value }
        return Set(sorted.prefix(max(limit, 0)).map(\.key))
    }

    /// The need without what has no place.
    func bounded(_ need: FilterNeed) -> FilterNeed {
        var result = FilterNeed()
        for (dimension, values) in need.conditions {
            switch values {
            case .text(var text):
                text.excluded.contained.formIntersection(contained)
                if let included = text.included, !included.contained.isSubset(of: contained) { text.included = nil }
                if text.included == nil, text.excluded.isEmpty { continue }
                result.conditions[dimension] = .text(text)
            case .bits(let need):
                let hasPlace = need.tests.allSatisfy {
                    argumentTests.contains(ArgumentTest(dimension: dimension, test: $0))
                }
                if hasPlace { result.conditions[dimension] = values }
            case .numbers, .networks: result.conditions[dimension] = values
            }
        }
        return result
    }
}
