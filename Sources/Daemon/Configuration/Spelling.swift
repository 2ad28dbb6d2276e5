/// Guesses what a misspelt name was meant to be.
public enum Spelling {
    /// The most similar of some names; nil when none is similar enough to be meant.
    public static func nearest(to name: String, among names: some Sequence<String>) -> String? {
        let word = Array(name.lowercased().unicodeScalars)
        // An error in every third character, at least one, is a misspelling; more is another word.
        var best: (name: String, distance: Int)?
        for candidate in names {
            let other = Array(candidate.lowercased().unicodeScalars)
            let limit = max(1, min(word.count, other.count) / 3)
            guard abs(other.count - word.count) <= limit else { continue }
            let distance = distance(word, other)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one word of the other.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
