import Foundation

/// A Python process that does what it is told, line by line: a child whose system calls a test decides.
final class CommandedProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    private static let program = """
        import ctypes, os, sys
        libc = ctypes.CDLL(None)
        def attempt(f, *a):
            try: return f(*a)
            except OSError: return None
        def opening(path, times=1):
            for _ in range(times):
                d = attempt(os.open, path, os.O_RDONLY)
                if d is not None: os.close(d)
        print("ready", flush=True)
        for line in sys.stdin:
            exec(line)
            print("done", flush=True)
        """

    init() throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", Self.program]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try waitForLine()
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
        process.waitUntilExit()
    }

    var pid: Int32 { process.processIdentifier }

    /// Lets the process do something, and waits until it has.
    func run(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
        try waitForLine()
    }

    private func waitForLine() throws {
        while let byte = try output.fileHandleForReading.read(upToCount: 1), let first = byte.first {
            if first == UInt8(ascii: "\n") { return }
        }
        throw CocoaError(.fileReadUnknown)
    }
}
