import EventModel
import Glibc
import NodeState

/// Finds a container's mount by the pattern in a field's brackets.
///
/// The pattern is searched as a regular expression, as Falco does (it documents a glob): `[/etc]` finds a mount of
/// `/etc/ssl` too, and `[/]` any.
struct MountPatterns {
    /// Which side of the mount the pattern is searched in.
    enum Side: Sendable { case source, destination }

    private var expressions: [[UInt8]: RegularExpression] = [:]

    /// The mount that an argument names; nil when there is none.
    mutating func find(
        _ argument: FieldArgument, _ side: Side, among mounts: [ContainerRecord.Mount]
    ) -> ContainerRecord.Mount? {
        switch argument {
        case .none:
            return nil
        case .index(let index):
            return index >= 0 && index < mounts.count ? mounts[index] : nil
        case .key(let pattern):
            guard !mounts.isEmpty, let expression = expression(pattern) else { return nil }
            return mounts.first { expression.isFound(in: side == .source ? $0.source : $0.destination) }
        }
    }

    /// The patterns come from the rules, so there are only as many as the rules have.
    private mutating func expression(_ pattern: [UInt8]) -> RegularExpression? {
        if let known = expressions[pattern] { return known }
        guard let made = RegularExpression(pattern) else { return nil }
        expressions[pattern] = made
        return made
    }
}

/// A compiled POSIX extended regular expression (regex(3)).
final class RegularExpression {
    private var compiled = regex_t()

    /// Nil for a pattern that is none.
    init?(_ pattern: [UInt8]) {
        let text = pattern.map { CChar(bitPattern: $0) } + [0]
        guard regcomp(&compiled, text, REG_EXTENDED | REG_NOSUB) == 0 else { return nil }
    }

    deinit { regfree(&compiled) }

    /// Whether the expression matches any part of a text.
    func isFound(in text: [UInt8]) -> Bool {
        let terminated = text.map { CChar(bitPattern: $0) } + [0]
        return regexec(&compiled, terminated, 0, nil, 0) == 0
    }
}
