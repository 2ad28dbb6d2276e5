import Foundation

/// Processes of another session that want a processor each.
struct BusyLoops {
    private let processes: [Process]

    init(_ count: Int) throws {
        processes = try (0..<count).map { _ in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
            // At the latest when its limit of processor time is reached it ends by itself.
            process.arguments = ["--wait", "/bin/sh", "-c", "ulimit -t 120; while :; do :; done"]
            try process.run()
            return process
        }
    }

    func stop() {
        for process in processes {
            // The loop is the child that the session was made for.
            _ = try? Command.shell("pkill -KILL -P \(process.processIdentifier)")
            process.terminate()
            process.waitUntilExit()
        }
    }
}
