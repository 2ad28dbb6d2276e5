import Glibc

/// Descriptors that the service manager kept for this program while it did not run (systemd.service(5), FileDescriptorStoreMax;
/// sd_listen_fds_with_names(3)). What nobody takes is closed when this goes.
public final class StoredDescriptors {
    /// The first number that a manager passes (SD_LISTEN_FDS_START of systemd/sd-daemon.h).
    private static let firstNumber: Int32 = 3
    /// No unit of ours keeps more.
    private static let limit: Int32 = 256

    private var numbersByName: [String: [Int32]] = [:]

    /// What the manager passed to this process; nil without any. Takes the variables out of the environment, and lets no program that
    /// is started inherit the descriptors: call it before there are threads.
    public static func ofThisProcess() -> StoredDescriptors? {
        let process = take("LISTEN_PID")
        let number = take("LISTEN_FDS")
        let list = take("LISTEN_FDNAMES")
        // Meant for another process, and inherited through a wrapper.
        guard Int32(process) == getpid(), let count = Int32(number), count > 0 else { return nil }
        let names = list.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return StoredDescriptors(first: firstNumber, count: min(count, limit), names: names)
    }

    private static func take(_ variable: String) -> String {
        defer { unsetenv(variable) }
        return getenv(variable).map { String(cString: $0) } ?? ""
    }

    /// Takes over `count` descriptors from a number on; one without a name is called `stored`, as by the manager.
    init(first: Int32, count: Int32, names: [String]) {
        for index in 0..<max(0, count) {
            let number = first + index
            guard fcntl(number, F_SETFD, FD_CLOEXEC) == 0 else { continue }
            let name = names.indices.contains(Int(index)) ? names[Int(index)] : "stored"
            numbersByName[name, default: []].append(number)
        }
    }

    deinit { for name in names { close(named: name) } }

    /// The names that there are.
    public var names: [String] { numbersByName.keys.sorted() }

    /// The descriptors of a name, in the order in which they were stored; they stay owned here.
    public func numbers(named name: String) -> [Int32] { numbersByName[name] ?? [] }

    /// Closes those of a name.
    public func close(named name: String) {
        for number in numbersByName.removeValue(forKey: name) ?? [] { _ = Glibc.close(number) }
    }
}
