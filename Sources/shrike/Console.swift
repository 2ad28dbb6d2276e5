import ArgumentParser
import CommandOutput
import Glibc

/// Writes what commands have to say.
enum Console {
    /// Writes a line to standard output.
    static func print(_ text: String) { write(Array(text.utf8) + [UInt8(ascii: "\n")], to: STDOUT_FILENO) }

    /// Writes a line to standard error.
    static func error(_ text: String) { write(Array(text.utf8) + [UInt8(ascii: "\n")], to: STDERR_FILENO) }

    /// Writes a report to standard output, an error to standard error, and ends with its status when that is no success.
    static func show(_ report: Report) throws {
        write(report.bytes, to: report.isError ? STDERR_FILENO : STDOUT_FILENO)
        if report.status != .success { throw ExitCode(report.status.rawValue) }
    }

    /// Writes a file that the user named, and ends with an error when that fails.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let file = fopen(path, "we")
        let count = file.map { fwrite(bytes, 1, bytes.count, $0) }
        guard let file, fclose(file) == 0, count == bytes.count else {
            error("Error: \(path) can't be written: \(String(cString: strerror(errno)))")
            throw ExitCode(ExitStatus.invalid.rawValue)
        }
    }

    /// What comes from standard input, up to 16 MiB.
    static func standardInput() -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < 16 << 20 {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// Nobody is told when this fails: the one who would read it has gone.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
