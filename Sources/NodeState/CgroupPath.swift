/// Container ids in control group paths, in the forms of the engines and of their systemd and cgroupfs drivers.
enum CgroupPath {
    struct Match: Equatable {
        var id: Range<Int>
        var engine: ContainerRecord.Engine
        /// The line's list of controllers; empty for version 2.
        var controllers: Range<Int>
        /// The path of the control group that is the container's: up to the component with the id.
        var path: Range<Int>
        /// The path of the group above it.
        var parent: Range<Int>
    }

    /// The container that a /proc/PID/cgroup text names: the innermost id of the first line that has one.
    ///
    /// v1 and hybrid hosts list one line per hierarchy, and a process may be moved in some only; every line counts.
    static func container(in text: [UInt8]) -> Match? { container(in: text, id: id) }

    /// The container of a name that its runtime was told and that is no id, as in `runc run NAME`: runtimes call the control group
    /// so. `isName` tells the names.
    static func container(in text: [UInt8], named isName: (ArraySlice<UInt8>) -> Bool) -> Match? {
        container(in: text) { text, component in
            var bounds = component
            if isName(text[bounds]) { return bounds }
            guard text[bounds].ends(with: ".scope") else { return nil }
            bounds = bounds.lowerBound..<bounds.upperBound - 6
            if isName(text[bounds]) { return bounds }
            // PREFIX-NAME.scope, where either may have hyphens.
            for index in bounds where text[index] == UInt8(ascii: "-") && isName(text[index + 1..<bounds.upperBound]) {
                return index + 1..<bounds.upperBound
            }
            return nil
        }
    }

    private static func container(
        in text: [UInt8], id: (_ text: [UInt8], _ component: Range<Int>) -> Range<Int>?
    ) -> Match? {
        var lines = LineCursor(text)
        var fallback: Match?
        while let line = lines.next() {
            // HIERARCHY:CONTROLLERS:PATH; the path itself may hold colons.
            guard let first = text[line].firstIndex(of: UInt8(ascii: ":")),
                let second = text[(first + 1)..<line.upperBound].firstIndex(of: UInt8(ascii: ":")),
                let match = match(text, controllers: first + 1..<second, path: second + 1..<line.upperBound, id: id)
            else { continue }
            if match.engine != .unknown { return match }
            if fallback == nil { fallback = match }
        }
        return fallback
    }

    /// Looks through a path's components from the innermost outwards.
    private static func match(
        _ text: [UInt8], controllers: Range<Int>, path: Range<Int>,
        id: (_ text: [UInt8], _ component: Range<Int>) -> Range<Int>?
    ) -> Match? {
        var end = path.upperBound
        while end > path.lowerBound {
            var start = end
            while start > path.lowerBound, text[start - 1] != UInt8(ascii: "/") { start -= 1 }
            if let id = id(text, start..<end) {
                return Match(
                    id: id, engine: engine(text, component: start..<end, id: id, path: path), controllers: controllers,
                    path: path.lowerBound..<end, parent: path.lowerBound..<max(start - 1, path.lowerBound))
            }
            end = start - 1
        }
        return nil
    }

    /// Whether a path leads through what systemd delegates to another user than root, who may make groups of any name there
    /// (user@.service(5)).
    static func isDelegatedToUser(_ path: ArraySlice<UInt8>) -> Bool {
        path.split(separator: UInt8(ascii: "/")).contains { component in
            component.begins(with: "user@") && !component.matches("user@0.service")
                || component.begins(with: "user-") && !component.matches("user-0.slice")
        }
    }

    /// The id in a component such as `docker-ID.scope`, `libpod-ID`, `kubepods-….slice:cri-containerd:ID` or `ID`.
    private static func id(_ text: [UInt8], _ component: Range<Int>) -> Range<Int>? {
        var bounds = component
        let suffixes: [StaticString] = [".scope", ".service"]
        for suffix in suffixes where text[bounds].ends(with: suffix) {
            bounds = bounds.lowerBound..<bounds.upperBound - suffix.utf8CodeUnitCount
        }
        // crio-conmon-ID and libpod-conmon-ID hold the container's monitor, a host process.
        if contains(text, bounds, "conmon-") { return nil }
        let digits = 64
        guard bounds.count >= digits else { return nil }
        let candidate = bounds.upperBound - digits..<bounds.upperBound
        for index in candidate where DecimalText.hexadecimalDigit(text[index]) == nil || isUpper(text[index]) {
            return nil
        }
        guard candidate.lowerBound == bounds.lowerBound else {
            let separator = text[candidate.lowerBound - 1]
            return separator == UInt8(ascii: "-") || separator == UInt8(ascii: ":") ? candidate : nil
        }
        return candidate
    }

    /// Whether a container's name is an id, as engines give it.
    static func isID(_ name: ArraySlice<UInt8>) -> Bool {
        let text = Array(name)
        return id(text, text.indices) == text.indices
    }

    private static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5a }

    private static func engine(
        _ text: [UInt8], component: Range<Int>, id: Range<Int>, path: Range<Int>
    ) -> ContainerRecord.Engine {
        let prefix = text[component.lowerBound..<id.lowerBound]
        if prefix.begins(with: "libpod-") || contains(text, path, "/libpod_parent/") { return .podman }
        if prefix.begins(with: "docker-") { return .docker }
        if prefix.begins(with: "crio-") { return .crio }
        if prefix.begins(with: "cri-containerd-") || prefix.begins(with: "nerdctl-") { return .containerd }
        // Delegated form of runc's systemd driver: SLICE:PREFIX:ID.
        if contains(text, component, ":cri-containerd:") { return .containerd }
        if contains(text, component, ":docker:") { return .docker }
        if contains(text, path, "/docker/") { return .docker }
        if contains(text, path, "/kubepods") || contains(text, path, "/k8s.io/") || contains(text, path, "/containerd")
        {
            return .containerd
        }
        return .unknown
    }

    private static func contains(_ text: [UInt8], _ range: Range<Int>, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard range.count >= count else { return false }
        return word.withUTF8Buffer { needle in
            for start in range.lowerBound...(range.upperBound - count)
            where text[start] == needle[0] && text[start..<start + count].elementsEqual(needle) {
                return true
            }
            return false
        }
    }
}
