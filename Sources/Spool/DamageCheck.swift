import KernelInterface

/// Looks for damage in the spool's file on a thread of its own: that takes a second for some hundred megabytes.
final class DamageCheck {
    private var calls: LimitedCalls<SpoolFile, SpoolError?>?
    private var call: Int?

    /// Begins, where none is under way. Without a thread there is no check.
    func begin(_ file: SpoolFile) {
        guard call == nil else { return }
        calls = calls ?? (try? LimitedCalls(name: "spool-check", threads: 1) { Self.finding(in: $0) })
        call = calls?.begin(file)
    }

    /// What was found by the check that has ended since the last call; nil: nothing, or none has.
    func takeFinding() -> SpoolError? {
        guard let call, let answer = calls?.answer(of: call) else { return nil }
        self.call = nil
        return answer
    }

    private static func finding(in file: SpoolFile) -> SpoolError? {
        do throws(SpoolError) { try file.verify() } catch { return error }
        return nil
    }
}
