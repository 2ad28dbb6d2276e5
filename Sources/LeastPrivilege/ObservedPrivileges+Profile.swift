import KernelInterface
public import Profiles

extension ObservedPrivileges {
    /// What a profile knows; what is quarantined is no part of it.
    public init(_ profile: Profile, _ settings: ProfileSettings) {
        self.init(profile.identity)
        image = profile.image
        since = profile.firstSeen
        until = profile.lastSeen
        unsettled = Set(BehaviourKind.allCases.filter { !profile.isSettled($0, settings) }.map(\.word))
        for behaviour in profile.behaviours where behaviour.quarantine == nil { take(behaviour) }
        // Of the host's programs it is the parent's profile that has the exec.
        if case .program(_, let path) = profile.identity {
            let own = PathGlob(profiled: path)
            if !programs.contains(where: { $0.path == own }) {
                programs.insert(Program(own, Sight(count: Int(profile.runs), firstSeen: since, lastSeen: until)), at: 0)
            }
        }
    }

    private mutating func take(_ behaviour: Behaviour) {
        let counts = behaviour.counts
        let sight = Sight(count: Int(counts.count), firstSeen: counts.firstSeen, lastSeen: counts.lastSeen)
        let text = behaviour.text
        switch behaviour.kind {
        case .syscall: calls.append(Item(text, sight))
        case .capability where Self.capabilityNames.contains(text): capabilities.append(Item(text, sight))
        case .exec where text.hasPrefix("/"): programs.append(Program(PathGlob(profiled: text), sight))
        case .read where text.hasPrefix("/"): files.append(File(.read, PathGlob(profiled: text)))
        case .write where text.hasPrefix("/"): files.append(File(.write, PathGlob(profiled: text)))
        case .listen: takePort(text)
        case .connect: takeDestination(text)
        case .user:
            guard let user = UInt32(text) else { return nonsense.append(text) }
            users.append(user)
        case .capability, .exec, .read, .write: nonsense.append(text)
        case .child, .arguments, .namespace, .module: break
        }
    }

    /// The names of all capabilities that this machine's libcap knows.
    private static let capabilityNames = Set(
        CapabilitySet(rawValue: .max).names.filter { $0.hasPrefix("CAP_") })

    /// `tcp 80`, `udp {ephemeral}`. Raw sockets have no ports.
    private mutating func takePort(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2 else { return nonsense.append(text) }
        guard let transport = Transport(rawValue: String(words[0])) else { return }
        if words[1] == "{ephemeral}" {
            hasChosenPorts = true
        } else if let number = UInt16(words[1]), number > 0 {
            ports.append(Port(transport, number))
        } else {
            nonsense.append(text)
        }
    }

    /// `tcp 192.0.2.7:443`, `udp [2001:db8:0:0:0:0:0:1]:53`, `tcp 10.0.1.0/24:443`, `tcp [2001:db8:0:1:]/64:443`, `tcp {any}:443`. Sockets
    /// with a path are no network.
    private mutating func takeDestination(_ text: String) {
        guard let blank = text.firstIndex(of: " "), let transport = Transport(rawValue: String(text[..<blank])) else {
            return
        }
        guard let colon = text.lastIndex(of: ":"), colon > blank, let port = UInt16(text[text.index(after: colon)...])
        else { return nonsense.append(text) }
        let address = text[text.index(after: blank)..<colon]
        if address == "{any}" {
            for all in ["0.0.0.0/0", "::/0"].compactMap(NetworkAddress.init) {
                destinations.append(Destination(transport, all, port))
            }
            return
        }
        var plain = String(address)
        if address.first == "[" {
            let parts = address.dropFirst().split(separator: "]", maxSplits: 1, omittingEmptySubsequences: false)
            // The groups of a net end with a colon.
            plain = "\(parts[0])\(parts[0].hasSuffix(":") ? ":" : "")\(parts.count > 1 ? parts[1] : "")"
        }
        guard let found = NetworkAddress(plain) else { return nonsense.append(text) }
        destinations.append(Destination(transport, found, port))
    }
}
