import CommandOutput
import Profiles

/// A profile for AppArmor (apparmor.d(5)): the programs, files, capabilities and network that were seen.
public struct AppArmorProfile: Sendable {
    private let observed: ObservedPrivileges
    /// For a host's program its path, to which the profile is attached.
    private let attachment: String?
    /// The profile as a file below `/etc/apparmor.d`.
    public private(set) var text = ""
    /// What could not be written into it.
    public private(set) var remarks: [String] = []

    /// The profile's name.
    public var name: String { "shrike-\(observed.workload.label)" }

    /// For what was seen of a workload; fails when it is a program whose path can't be written.
    public init(_ observed: ObservedPrivileges) throws(DocumentError) {
        self.observed = observed
        if case .program(_, let path) = observed.workload {
            guard let written = AppArmorText.path(PathGlob(profiled: path)) else {
                throw DocumentError(observed.workload, format: "an AppArmor profile")
            }
            attachment = written
        } else {
            attachment = nil
        }
        make()
    }

    private mutating func make() {
        var lines = [
            "# What \(observed.workload.text.printable) was seen to do. Made by `shrike profile apparmor`; review it like code."
        ]
        lines += ["abi <abi/3.0>,", "include <tunables/global>", ""]
        lines.append(
            attachment.map { "profile \(name) \($0) {" }
                ?? "profile \(name) flags=(attach_disconnected,mediate_deleted) {")
        lines.append("  include <abstractions/base>")
        lines += observed.capabilities.map { "  capability \(String($0.text.trimmingPrefix("CAP_")).lowercased())," }
            .sorted()
        lines += network
        lines += files()
        lines.append("}")
        text = lines.map { $0 + "\n" }.joined()
    }

    private var network: [String] {
        var kinds: Set<String> = []
        func add(_ transport: ObservedPrivileges.Transport, isIPv6: Bool) {
            kinds.insert("  network \(isIPv6 ? "inet6" : "inet") \(transport == .udp ? "dgram" : "stream"),")
        }
        for port in observed.ports {
            add(port.transport, isIPv6: false)
            add(port.transport, isIPv6: true)
        }
        for destination in observed.destinations { add(destination.transport, isIPv6: destination.address.isIPv6) }
        return kinds.sorted()
    }

    private mutating func files() -> [String] {
        var leftOut = LeftOut("AppArmor can't be told of names with control characters or bytes that are no text")
        var rights: [String: Set<Character>] = [:]
        func add(_ letters: String, _ path: PathGlob) {
            guard let written = AppArmorText.path(path) else { return leftOut.note(path.text) }
            rights[written, default: []].formUnion(letters)
        }
        for file in observed.files {
            add(file.access == .read ? "r" : file.access == .write ? "w" : "m", file.path)
        }
        // The profile holds for the programs that it starts as well.
        for program in observed.programs { add("rmix", program.path) }
        remarks += leftOut.remarks
        return rights.keys.sorted().map { path in
            let order = "rwmix".filter { rights[path]?.contains($0) ?? false }
            return "  \(path) \(order),"
        }
    }
}
