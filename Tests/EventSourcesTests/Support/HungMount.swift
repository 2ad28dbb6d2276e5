import Foundation
import Glibc

/// A file system whose server answers for its root directory and for nothing else, as one whose network is gone.
final class HungMount {
    private let path: String
    private let process: Process

    /// Mounts it; nil where that can't be done here.
    init?(at path: String) {
        self.path = path
        guard let process = try? LiveKernel.start("/usr/bin/python3", [Self.server, path]) else { return nil }
        self.process = process
        for _ in 0..<200 {
            if let mounts = try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8),
                mounts.contains(" \(path) ")
            {
                return
            }
            usleep(10_000)
        }
        LiveKernel.end(process)
        return nil
    }

    /// Ends the server: whoever waits gets an error.
    func end() {
        LiveKernel.end(process)
        umount2(path, 2)
    }

    /// The program that mounts it and answers.
    private static let server = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../EndToEndTests/Programs/hung_mount.py").standardized.path
}
