public import RuleLanguage

/// Finds where a condition lets a program pass because of a name that it can give itself: its short name, its arguments, or those
/// of its parent or ancestors, without what it can't choose: the place or origin of the executable, the container's image. What
/// proves a parent speaks for the child too, since it started that; not the other way round.
public enum NameTrust {
    /// Of which process a field tells.
    private enum Subject: Int, Hashable, Comparable {
        case own, parent, ancestor

        static func < (left: Subject, right: Subject) -> Bool { left.rawValue < right.rawValue }
    }

    /// Fields that a process chooses itself (prctl(2), execve(2)).
    private static let chosen: [String: Subject] = [
        "proc.name": .own, "proc.cmdline": .own, "proc.args": .own, "proc.exe": .own, "proc.env": .own,
        "thread.name": .own, "proc.pname": .parent, "proc.pcmdline": .parent, "proc.pexe": .parent,
        "proc.aname": .ancestor, "proc.acmdline": .ancestor, "proc.aexe": .ancestor, "proc.aargs": .ancestor,
        "proc.sname": .ancestor, "proc.sid.exe": .ancestor, "proc.vpgid.exe": .ancestor, "proc.vpgid.name": .ancestor,
        "proc.aenv": .ancestor,
    ]

    /// Fields that tell what a process is.
    private static let proving: [String: Subject] = [
        "proc.exepath": .own, "proc.exe.origin": .own, "proc.exe_ino": .own, "proc.pexepath": .parent,
        "proc.pexe.origin": .parent, "proc.aexepath": .ancestor, "proc.aexe.origin": .ancestor,
        "proc.sid.exepath": .ancestor, "proc.vpgid.exepath": .ancestor, "proc.exepath.trusted": .own,
        "proc.pexepath.trusted": .parent, "proc.aexepath.trusted": .ancestor,
    ]

    /// The comparisons of names on which what the condition negates, as exceptions are, rests.
    public static func findings(in condition: Condition) -> [Comparison] {
        var found: [Comparison] = []
        search(condition, isNegated: false, proven: [], into: &found)
        return found
    }

    /// Below an odd number of negations what holds lets a program pass.
    private static func search(
        _ condition: Condition, isNegated: Bool, proven: Set<Subject>, into found: inout [Comparison]
    ) {
        switch condition {
        case .not(let part): search(part, isNegated: !isNegated, proven: isNegated ? [] : proven, into: &found)
        case .or(let parts): for part in parts { search(part, isNegated: isNegated, proven: proven, into: &found) }
        case .and(let parts):
            let proven = isNegated ? proven.union(parts.flatMap(subjectsProven)) : []
            for part in parts { search(part, isNegated: isNegated, proven: proven, into: &found) }
        case .comparison(let comparison):
            guard isNegated, comparison.asksForValues, let subject = subjectsChosen(comparison).min(),
                !proven.contains(where: { $0 >= subject }), !found.contains(comparison)
            else { return }
            found.append(comparison)
        case .macro: return
        }
    }

    /// The processes that a part which must hold tells what they are.
    private static func subjectsProven(_ condition: Condition) -> [Subject] {
        switch condition {
        case .comparison(let comparison):
            if case .field(let field) = comparison.left, field.name.hasPrefix("container.image") {
                return [.own, .parent, .ancestor]
            }
            // That two fields are alike proves neither.
            guard comparison.asksForValues, !comparison.comparesFields else { return [] }
            guard case .field(let field) = comparison.left else { return [] }
            return subject(of: field, in: proving).map { [$0] } ?? []
        case .and(let parts): return parts.flatMap(subjectsProven)
        case .or(let parts):
            let each = parts.map { Set(subjectsProven($0)) }
            guard let first = each.first else { return [] }
            return Array(each.dropFirst().reduce(first) { $0.intersection($1) })
        case .not, .macro: return []
        }
    }

    /// The processes whose own words a comparison goes by, on either side.
    private static func subjectsChosen(_ comparison: Comparison) -> [Subject] {
        var fields = comparison.left.fields
        if case .operand(let operand) = comparison.right { fields += operand.fields }
        return fields.compactMap { subject(of: $0, in: chosen) }
    }

    private static func subject(of field: FieldExpression, in table: [String: Subject]) -> Subject? {
        guard let subject = table[field.name] else { return nil }
        guard subject == .ancestor else { return subject }
        // With an index it is of one process.
        switch field.argument {
        case "0": return .own
        case "1": return .parent
        default: return .ancestor
        }
    }
}

extension Comparison {
    /// Whether it asks for certain values; a missing or different one proves nothing and trusts nobody.
    fileprivate var asksForValues: Bool { comparator != .exists && comparator != .notEqual }

    /// Whether the other side is a field, too.
    fileprivate var comparesFields: Bool { if case .operand = right { true } else { false } }
}
