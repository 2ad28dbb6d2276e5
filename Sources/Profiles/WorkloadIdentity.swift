/// Which workload a process belongs to: what is learned together.
public enum WorkloadIdentity: Sendable, Hashable {
    /// A container of a Kubernetes object's pods.
    case kubernetes(namespace: String, owner: String, container: String)
    /// A container outside Kubernetes; the image is without tag, so that versions follow each other.
    case container(name: String, image: String)
    /// A systemd service of the host, with its ending: `nginx.service`.
    case unit(String)
    /// A program of the host by its user and path.
    case program(uid: UInt32, path: String)

    /// As users write it: `k8s/NAMESPACE/OWNER/CONTAINER`, `container/NAME/IMAGE`, `unit/NAME`, `program/UID/PATH`.
    public var text: String {
        switch self {
        case .kubernetes(let namespace, let owner, let container): "k8s/\(namespace)/\(owner)/\(container)"
        case .container(let name, let image): "container/\(name)/\(image)"
        case .unit(let name): "unit/\(name)"
        case .program(let uid, let path): "program/\(uid)\(path)"
        }
    }

    /// The identity that a text means; nil when it is none.
    public init?(text: String) {
        guard text.utf8.count <= Self.longestText, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard let form = parts.first, parts.dropFirst().allSatisfy({ !$0.isEmpty }) || form == "program" else {
            return nil
        }
        let rest = parts.dropFirst(2).joined(separator: "/")
        switch (form, parts.count) {
        case ("k8s", 4) where !parts[3].contains("/"):
            self = .kubernetes(namespace: parts[1], owner: parts[2], container: parts[3])
        case ("container", 3...) where !rest.hasPrefix("/"):
            self = .container(name: parts[1], image: rest)
        case ("unit", 2):
            self = .unit(parts[1])
        case ("program", 3...):
            guard let uid = UInt32(parts[1]), String(uid) == parts[1], !rest.isEmpty else { return nil }
            self = .program(uid: uid, path: "/" + rest)
        default: return nil
        }
    }

    /// Whether it is a program of the host.
    public var isProgram: Bool {
        if case .program = self { true } else { false }
    }

    /// Bytes of a text: as a file's name, escaped, it must fit in NAME_MAX (linux/limits.h: 255).
    public static let longestText = 200

    /// The name of the profile's file without ending: `/` is `=`, other bytes that are no letter, digit, `.`, `_`, `-`, `@` or `:` are `%XX`.
    /// nil when it were too long for a file's name.
    public var fileName: String? {
        var name: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "/"): name.append(UInt8(ascii: "="))
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "@"), UInt8(ascii: ":"):
                name.append(byte)
            default: name.append(escaped: byte)
            }
        }
        return name.count <= 240 ? String(decoding: name, as: UTF8.self) : nil
    }

    /// The object that a pod belongs to, from the pod's name and what controllers add to it and write into its labels
    /// (kubernetes.io/docs/reference/labels-annotations-taints): a deployment's pods are NAME-HASH-RANDOM, a daemon set's
    /// NAME-RANDOM, a stateful set's NAME-N, a job's JOB-RANDOM, and a cron job's jobs NAME-MINUTES.
    ///
    /// - Parameter label: the value of a pod's label.
    public static func owner(ofPod pod: String, label: (String) -> String?) -> String {
        if let hash = label("pod-template-hash"), let end = pod.range(ofLast: "-\(hash)-") { return end }
        if let job = label("batch.kubernetes.io/job-name") ?? label("job-name") {
            let parts = job.split(separator: "-")
            guard parts.count > 1, let last = parts.last, last.count >= 8, last.allSatisfy(\.isNumber) else {
                return job
            }
            return String(job.dropLast(last.count + 1))
        }
        let isStateful = label("statefulset.kubernetes.io/pod-name") != nil
        if isStateful || label("controller-revision-hash") != nil {
            return pod.lastIndex(of: "-").map { String(pod[..<$0]) } ?? pod
        }
        return ownerByName(pod)
    }

    /// The same from the name alone, where labels are not to be had: what is made up has five to ten of the letters and digits
    /// that Kubernetes takes for it (apimachinery, util/rand: no vowels, nothing that looks like another), or is a number.
    private static func ownerByName(_ pod: String) -> String {
        var parts = pod.split(separator: "-", omittingEmptySubsequences: false)
        func isMadeUp(_ part: Substring, _ lengths: ClosedRange<Int>) -> Bool {
            lengths.contains(part.utf8.count) && part.utf8.allSatisfy { madeUp.contains($0) }
        }
        guard parts.count > 1, let last = parts.last else { return pod }
        if !last.isEmpty, last.utf8.count <= 5, last.utf8.allSatisfy(\.isDigit) {
            return parts.dropLast().joined(separator: "-")
        }
        guard isMadeUp(last, 5...5) else { return pod }
        parts.removeLast()
        if parts.count > 1, let hash = parts.last {
            let isMinutes = hash.utf8.count == 8 && hash.utf8.allSatisfy(\.isDigit)
            if isMinutes || isMadeUp(hash, 8...10) { parts.removeLast() }
        }
        return parts.joined(separator: "-")
    }

    private static let madeUp = Set("bcdfghjklmnpqrstvwxz2456789".utf8)
}

extension String {
    /// What comes before the last occurrence of a text; nil without one, or when nothing comes before.
    fileprivate func range(ofLast text: String) -> String? {
        let (bytes, wanted) = (Array(utf8), Array(text.utf8))
        guard bytes.count > wanted.count else { return nil }
        var start = bytes.count - wanted.count
        while start > 0 {
            if bytes[start..<start + wanted.count].elementsEqual(wanted) {
                return String(decoding: bytes[..<start], as: UTF8.self)
            }
            start -= 1
        }
        return nil
    }
}
