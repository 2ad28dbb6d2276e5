import KernelInterface

/// Looks for damage in the spool's file on a thread of its own: that takes a second for some hundred megabytes.
final class DamageCheck {
    private var calls: LimitedCalls<SpoolFile, SpoolError?>?
    private var call: Int?
    /// Which of the files that stood at the path one after another is looked at.
    private var generation = 0

    /// Begins, where none is under way. Without a thread there is no check.
    func begin(_ file: SpoolFile, generation: Int) {
        guard call == nil else { return }
        calls = calls ?? (try? LimitedCalls(name: "spool-check", threads: 1) { Self.finding(in: $0) })
        call = calls?.begin(file)
        self.generation = generation
    }

    /// What was found by the check that has ended since the last call; nil: nothing, or none has. Of a file that another one has
    /// taken the place of nothing is found.
    func takeFinding(generation: Int) -> SpoolError? {
        guard let call, let answer = calls?.answer(of: call) else { return nil }
        self.call = nil
        return generation == self.generation ? answer : nil
    }

    private static func finding(in file: SpoolFile) -> SpoolError? {
        do throws(SpoolError) { try file.verify() } catch { return error }
        return nil
    }
}
