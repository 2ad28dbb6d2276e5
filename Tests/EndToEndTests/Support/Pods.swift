import Foundation

/// Real pods on a real containerd, through the tool that `SHRIKE_POD_TOOL` names.
enum Pods {
    /// The tool's path; nil where there is none, then pod tests are skipped.
    static let tool: String? = ProcessInfo.processInfo.environment["SHRIKE_POD_TOOL"]

    /// A running pod with one container.
    struct Pod {
        let id: String
        let container: String
        let name: String
    }

    /// Starts the runtime, by a command that runs the command behind it; gives its socket.
    @discardableResult
    static func up(launcher: [String] = []) throws -> String {
        let printed = try call("up", launcher: launcher)
        return printed.split(separator: "\n").last.map(String.init) ?? ""
    }
    static func down() throws { try call("down") }

    static func run(_ name: String, _ options: String...) throws -> Pod {
        let printed = try call("run", name, options).split(whereSeparator: \.isWhitespace).map(String.init)
        guard printed.count >= 2 else { throw EndToEndError("pod run printed \(printed)") }
        return Pod(id: printed[printed.count - 2], container: printed[printed.count - 1], name: name)
    }

    @discardableResult
    static func exec(_ pod: Pod, _ command: String...) throws -> String { try call("exec", pod.container, command) }

    static func remove(_ pod: Pod) throws { try call("rm", pod.id) }

    @discardableResult
    private static func call(
        _ verb: String, _ first: String? = nil, _ rest: [String] = [], launcher: [String] = []
    ) throws -> String {
        guard let tool else { throw EndToEndError("SHRIKE_POD_TOOL is not set") }
        let arguments = [tool, verb] + (first.map { [$0] } ?? []) + rest
        let result = try Command.run("/usr/bin/env", launcher + ["python3"] + arguments)
        guard result.status == 0 || verb == "exec" else {
            throw EndToEndError("pod tool \(verb): \(result.output)")
        }
        return result.output
    }
}
