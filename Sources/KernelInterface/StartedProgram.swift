import CKernel
import Glibc

/// A program that was started in a session of its own, and is waited for and ended by whoever started it.
public struct StartedProgram: Sendable, Hashable {
    /// How a program ended.
    public enum End: Sendable, Hashable {
        /// It returned this.
        case exited(Int32)
        /// This signal ended it.
        case signalled(Int32)
    }

    /// Its process id, which is also that of its session and its first process group.
    public let identifier: Int32

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: the arguments, the name first.
    ///   - environment: `NAME=VALUE` each, beside what this process has and instead of it where the name is the same.
    ///   - directory: where it runs; nil: where this process does.
    ///   - output: what takes its standard output; nil: nothing does.
    ///   - errors: the same for its standard error.
    public init(
        _ path: String, _ arguments: [String], environment: [String] = [], directory: String? = nil, output: Int32?,
        errors: Int32?
    ) throws(KernelError) {
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { (word: String) in strdup(word) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            Self.environment(with: environment).map { (word: String) in strdup(word) } + [nil]
        defer { for word in words + variables { free(word) } }
        let started = shrike_start(path, &words, &variables, directory, [-1, output ?? -1, errors ?? -1])
        guard started > 0 else { throw KernelError(call: "posix_spawn", object: path, errno: -started) }
        identifier = started
    }

    /// How it ended; nil while it runs. Once it has told of an end it may not be asked again: the id may be another's.
    public func end() -> End? {
        var status: Int32 = 0
        guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
        // wait(2): the low seven bits are the signal, the next byte is what was returned.
        return status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
    }

    /// Sends a signal to its process group.
    public func signal(_ number: Int32) { kill(-identifier, number) }

    /// Asks it to end, with its process group and its children, which may have groups of their own (SIGTERM), and gives it so long to do
    /// so; then ends its group. A shell acts on the signal when the child that it waits for has ended.
    ///
    /// - Returns: how it ended; nil: it was killed, and is still to be waited for.
    public func stop(within milliseconds: Int) -> End? {
        let children = Self.children(ofProcess: "\(identifier)")
        signal(SIGTERM)
        for child in children { kill(child, SIGTERM) }
        let limit = KernelClock.monotonic() &+ UInt64(max(0, milliseconds)) &* 1_000_000
        while KernelClock.monotonic() < limit {
            if let end = end() { return end }
            usleep(2000)
        }
        signal(SIGKILL)
        return nil
    }

    /// Makes this process the parent of what its descendants leave behind.
    public static func adoptOrphans() throws(KernelError) {
        let result = shrike_adopt_orphans()
        guard result == 0 else { throw KernelError(call: "prctl", object: "PR_SET_CHILD_SUBREAPER", errno: -result) }
    }

    /// Ends all children of this process but some, and what they leave behind, and forgets them; for at most so long.
    public static func endChildren(but kept: Set<Int32>, within milliseconds: Int) {
        let end = KernelClock.monotonic() &+ UInt64(max(0, milliseconds)) &* 1_000_000
        while true {
            let children = children(ofProcess: "self").filter { !kept.contains($0) }
            if children.isEmpty { return }
            for child in children {
                kill(child, SIGKILL)
                waitpid(child, nil, WNOHANG)
            }
            guard KernelClock.monotonic() < end else { return }
            usleep(1000)
        }
    }

    /// The children of all threads of a process (proc_pid_task_children(5)): orphans are given to any of them.
    private static func children(ofProcess process: String) -> [Int32] {
        var found: [Int32] = []
        guard let tasks = opendir("/proc/\(process)/task") else { return [] }
        defer { closedir(tasks) }
        while let entry = readdir(tasks) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard Int32(name) != nil else { continue }
            let file = FileDescriptor(owning: open("/proc/\(process)/task/\(name)/children", O_RDONLY | O_CLOEXEC))
            // Those that do not fit are found when these have gone.
            var text = [UInt8](repeating: 0, count: 4096)
            let count = read(file.rawValue, &text, text.count)
            let words = text.prefix(max(0, count)).split(separator: UInt8(ascii: " "))
            found += words.compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
        }
        return found
    }

    private static func environment(with added: [String]) -> [String] {
        var names: Set<Substring> = []
        for variable in added { names.insert(variable.prefix { $0 != "=" }) }
        var result = added
        var next = environ
        while let variable = next.pointee {
            let text = String(cString: variable)
            if !names.contains(text.prefix { $0 != "=" }) { result.append(text) }
            next += 1
        }
        return result
    }
}
