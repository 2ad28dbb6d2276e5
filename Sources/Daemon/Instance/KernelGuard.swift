import EventSources
import Glibc
import KernelInterface

/// The process that outlives the sensor: when that ends without having put the kernel back as it was, this one does.
final class KernelGuard {
    /// The descriptor of the pipe whose other end the sensor holds.
    static let pipeDescriptor: Int32 = 3

    private let pipe: FileDescriptor
    private let pid: Int32

    /// Starts the process, for a sensor whose audit rules have this key. Must run while programs may be started.
    init(key: String) throws(KernelError) {
        let ends = try ChildProcess.Pipe()
        pid = try ChildProcess.spawn(
            "/proc/self/exe", ["shrike", "restore", "--key", key, "--after-sensor"],
            descriptors: [ends.reading.rawValue])
        pipe = ends.takeWriting()
    }

    /// Tells it that nothing is left to do, and waits for its end, for a moment.
    func dismiss() {
        var byte = Self.allIsWell
        write(pipe.rawValue, &byte, 1)
        for _ in 0..<50 where waitpid(pid, nil, WNOHANG) == 0 { usleep(2_000) }
    }

    /// What the sensor writes when it has put everything back.
    static let allIsWell = UInt8(ascii: "c")
}
