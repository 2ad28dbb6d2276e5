import Glibc
import KernelInterface

/// Small files of /proc, for messages to the user.
enum ProcessFile {
    private static let maximumBytes = 1 << 16

    /// A file's first 64 KiB; nil when it can't be read.
    static func text(_ path: String) -> String? {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { return nil }
        let descriptor = FileDescriptor(owning: opened)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < maximumBytes {
            let count = read(descriptor.rawValue, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The program that a process runs; nil when it is gone or none of our business.
    static func executable(of pid: Int32) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/\(pid)/exe", &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
    }

    /// Who a process is, for a message: pid, program, user and, where it is in one, container.
    static func identity(of pid: Int32) -> String {
        var parts: [String] = []
        if let program = executable(of: pid) { parts.append(program) }
        let status = text("/proc/\(pid)/status") ?? ""
        if let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Uid:") }) {
            let ids = line.split(whereSeparator: { $0 == "\t" || $0 == " " })
            if ids.count > 1 { parts.append("uid \(ids[1])") }
        }
        if let id = container(in: text("/proc/\(pid)/cgroup") ?? "") { parts.append("container \(id)") }
        return parts.isEmpty ? "pid \(pid)" : "pid \(pid) (\(parts.joined(separator: ", ")))"
    }

    /// The path of a process' control group of version 2, else of the first one that has a path of its own; nil when it is gone or
    /// in the root group of all.
    static func controlGroup(of pid: Int32) -> String? {
        let paths = (text("/proc/\(pid)/cgroup") ?? "").split(separator: "\n").map { line in
            (
                isUnified: line.hasPrefix("0::"),
                path: line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).last
            )
        }
        let own = paths.filter { $0.path != nil && $0.path != "/" }
        return (own.first { $0.isUnified } ?? own.first)?.path.map(String.init)
    }

    /// The first 12 digits of a container's id in a control group's path: 64 hexadecimal digits.
    static func container(in cgroups: String) -> Substring? {
        for part in cgroups.split(whereSeparator: { !$0.isHexDigit }) where part.utf8.count == 64 {
            return part.prefix(12)
        }
        return nil
    }
}
