/// A user's pattern of whole paths. `*` is any part of a component; `**` alone as a component is any number of them, at the end one at
/// least: all that is below.
public struct PathPattern: Sendable, Equatable {
    /// The pattern as written; it is what stands in profiles for what it matches.
    public let text: [UInt8]
    private let components: [ArraySlice<UInt8>]

    /// The pattern of a text; nil when that is no absolute path or has bytes that profiles write otherwise.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count > 1, bytes.count <= EventBehaviours.longestText,
            bytes.allSatisfy({
                $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}")
            })
        else { return nil }
        self.text = bytes
        components = bytes.split(separator: UInt8(ascii: "/"))
    }

    /// Whether a path is meant. With one place to come back to, so the work is at most the product of the components' counts.
    public func matches(_ path: ArraySlice<UInt8>) -> Bool {
        var (rest, wanted) = (path, 0)
        var back: (rest: ArraySlice<UInt8>, wanted: Int)?
        while true {
            let name = Self.component(of: &rest)
            if wanted < components.count, Self.isAnyNumber(components[wanted]) {
                if wanted == components.count - 1, !name.isEmpty { return true }
                if wanted < components.count - 1 {
                    wanted += 1
                    back = (rest, wanted)
                    continue
                }
            } else if wanted < components.count, !name.isEmpty, Self.matches(name, components[wanted]) {
                rest = rest[name.endIndex...]
                wanted += 1
                continue
            } else if wanted == components.count, name.isEmpty {
                return true
            }
            // The last `**` takes one component more.
            guard let last = back, !last.rest.isEmpty else { return false }
            rest = last.rest
            let taken = Self.component(of: &rest)
            guard !taken.isEmpty else { return false }
            rest = rest[taken.endIndex...]
            back = (rest, last.wanted)
            wanted = last.wanted
        }
    }

    /// The first component, after the slashes before it are taken away; empty at the end.
    private static func component(of path: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        while path.first == UInt8(ascii: "/") { path = path.dropFirst() }
        return path.prefix { $0 != UInt8(ascii: "/") }
    }

    private static func isAnyNumber(_ component: ArraySlice<UInt8>) -> Bool {
        component.count == 2 && component.allSatisfy { $0 == UInt8(ascii: "*") }
    }

    /// Likewise for a name.
    private static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        var (at, wanted) = (name.startIndex, pattern.startIndex)
        var star: (name: Int, pattern: Int)?
        while at < name.endIndex {
            if wanted < pattern.endIndex, pattern[wanted] == UInt8(ascii: "*") {
                star = (at, wanted + 1)
                wanted += 1
            } else if wanted < pattern.endIndex, pattern[wanted] == name[at] {
                at += 1
                wanted += 1
            } else if let last = star {
                star = (last.name + 1, last.pattern)
                (at, wanted) = (last.name + 1, last.pattern)
            } else {
                return false
            }
        }
        return pattern[wanted...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
