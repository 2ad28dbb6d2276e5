import Foundation
import Glibc

@testable import KernelInterface

/// The capabilities that Shrike has where it is installed.
enum UnitCapabilities {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../..").standardized

    /// Those that the systemd unit gives.
    static func ofUnit() throws -> Set<String> {
        let text = try String(contentsOf: repository.appending(path: "systemd/shrike.service"), encoding: .utf8)
        let key = "AmbientCapabilities="
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) } ?? ""
        return Set(line.dropFirst(key.count).split(separator: " ").map(String.init))
    }

    /// Those that the pods of eBPF get, by the overlay for kustomize.
    static func ofPods() throws -> Set<String> {
        let directory = repository.appending(path: "samples/kubernetes/overlays/ebpf")
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            let text = try String(contentsOf: directory.appending(path: name), encoding: .utf8)
            guard let key = text.range(of: "/capabilities/add"),
                let start = text[key.upperBound...].firstIndex(of: "["),
                let end = text[start...].firstIndex(of: "]")
            else { continue }
            let names = text[text.index(after: start)..<end].split(separator: ",")
            return Set(names.map { "CAP_" + $0.trimmingCharacters(in: .whitespaces) })
        }
        return []
    }

    private struct Header {
        var version: UInt32 = 0x2008_0522
        var pid: Int32 = 0
    }
    private struct Sets {
        var effective: UInt32 = 0
        var permitted: UInt32 = 0
        var inheritable: UInt32 = 0
    }
    // capget(2), capset(2): glibc has both, and declares neither.
    private typealias Call = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Int32

    /// Does something with no other capabilities in effect on this thread.
    static func with(_ names: Set<String>, _ body: () throws -> Void) throws {
        func call(_ name: String, _ sets: inout [Sets]) throws {
            guard let address = dlsym(nil, name) else { throw CocoaError(.featureUnsupported) }
            var header = Header()
            let status = sets.withUnsafeMutableBytes { memory in
                withUnsafeMutablePointer(to: &header) { header in
                    memory.baseAddress.map { unsafeBitCast(address, to: Call.self)(header, $0) } ?? -1
                }
            }
            guard status == 0 else { throw CocoaError(.featureUnsupported) }
        }
        var before = [Sets(), Sets()]
        try call("capget", &before)
        let kept = (0..<64).map(CapabilitySet.init(bit:)).filter { !names.isDisjoint(with: $0.names) }
            .reduce(into: CapabilitySet()) { $0.formUnion($1) }
        var narrow = before
        narrow[0].effective &= UInt32(truncatingIfNeeded: kept.rawValue)
        narrow[1].effective &= UInt32(truncatingIfNeeded: kept.rawValue >> 32)
        try call("capset", &narrow)
        defer { try? call("capset", &before) }
        try body()
    }
}
