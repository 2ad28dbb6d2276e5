/// Finds the name that a misspelt one was meant to be.
public enum Suggestion {
    /// The candidate nearest to `name`, if it is near enough to be what was meant; of equally near ones the first.
    public static func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.utf8)
        let limit = max(1, min(3, wanted.count / 3))
        guard wanted.count >= 2, wanted.count <= 128 else { return nil }
        let lowered = name.lowercased()
        var best: (name: String, distance: Int)?
        for candidate in candidates where candidate != name {
            let text = Array(candidate.utf8)
            guard abs(text.count - wanted.count) <= limit else { continue }
            // Another case of the same letters is nearer than any other slip.
            let distance = candidate.lowercased() == lowered ? 0 : distance(wanted, text, limit: limit)
            if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.name ?? completion(of: lowered, in: candidates)
    }

    /// The one candidate that begins with what was written: `WARN` is short for `WARNING`.
    private static func completion(of lowered: String, in candidates: some Sequence<String>) -> String? {
        guard lowered.utf8.count >= 3 else { return nil }
        let longer = candidates.filter { $0.lowercased().hasPrefix(lowered) && $0.utf8.count > lowered.utf8.count }
        return longer.count == 1 ? longer.first : nil
    }

    /// The question to put behind a message, `did you mean 'proc.name'?`, if a candidate is near enough.
    public static func question(for name: String, in candidates: some Sequence<String>) -> String? {
        nearest(to: name, in: candidates).map { "did you mean '\($0)'?" }
    }

    /// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours; past `limit` any number.
    private static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in 1...max(1, left.count) where row <= left.count {
            var current = [row]
            current.reserveCapacity(right.count + 1)
            for column in 1...max(1, right.count) where column <= right.count {
                let isEqual = left[row - 1] == right[column - 1]
                var cost = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + (isEqual ? 0 : 1))
                let isSwap =
                    row > 1 && column > 1 && left[row - 1] == right[column - 2]
                    && left[row - 2] == right[column - 1]
                if isSwap { cost = min(cost, beforePrevious[column - 2] + 1) }
                current.append(cost)
            }
            if let least = current.min(), least > limit { return least }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
