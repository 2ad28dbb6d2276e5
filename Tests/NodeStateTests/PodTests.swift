import EventModel
import Foundation
import TestNode
import Testing

@testable import NodeState

/// Real pods on a real containerd; `SHRIKE_POD_TOOL` names the tool that runs them.
@Suite(.serialized) struct PodTests {
    static let tool = ProcessInfo.processInfo.environment["SHRIKE_POD_TOOL"]

    private func pod(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", Self.tool ?? ""] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        // The tool's daemon inherits nothing of the pipe: `up` gives it a log file.
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func processes(in container: String) -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { pid in
            (try? String(contentsOfFile: "/proc/\(pid)/cgroup", encoding: .utf8))?.contains(container) ?? false
        }
    }

    @Test(.enabled(if: tool != nil, "set SHRIKE_POD_TOOL to tools/pod/pod.py to run this"))
    func `the first event of a pod's process has its container, image and pod names`() throws {
        _ = try pod("up")
        defer { _ = try? pod("down") }
        let ids = try pod("run", "shop", "--namespace", "prod", "--privileged", "--mount", "/tmp:/host").split(
            separator: " ")
        let (sandbox, id) = (String(try #require(ids.first)), String(try #require(ids.last)))
        let pid = try #require(processes(in: id).first)
        // No option names the tool's state directory: the shim leads to it.
        let state = NodeState(files: HostFiles())
        var event = RawEvent()
        event.type = try #require(EventType(name: "openat"))
        event.timeNanoseconds = UInt64(Date().timeIntervalSince1970 * 1e9)
        event.process.pid = pid
        _ = state.apply(&event)
        let container = try #require(state.current.container)
        #expect(text(container.fullID) == id && container.hasMetadata && container.engine == .containerd)
        #expect(
            text(container.name) == "main" && text(container.podName) == "shop"
                && text(container.podNamespace) == "prod")
        #expect(text(container.imageRepository) == "docker.io/library/busybox" && text(container.imageTag) == "1.35")
        #expect(text(container.podSandboxID) == sandbox && container.usesHostNetwork && container.isPrivileged)
        #expect(container.mounts.contains { text($0.destination) == "/host" && text($0.source) == "/tmp" })
        #expect(FileManager.default.fileExists(atPath: text(container.rootPath) + "/bin/busybox"))
        let process = try #require(state.current.process)
        #expect(text(process.command) == "sleep" && process.isInChildPIDNamespace && process.virtualPID > 0)
        #expect(process.namespaceStartNanoseconds > 0 && process.executableLayer == .lower)
        #expect(state.user(1000, of: process).map { text($0.name) } == "app")
        #expect(state.sandbox(of: container).map { text($0.fullID) } == sandbox)
        #expect(state.takeStarted().contains { text($0.fullID) == id })
        _ = try pod("rm", sandbox)
    }
}
