import EventModel

/// Behaviours that stand for many: all of an extension below a directory (`/var/lib/app/{any}.log`), a net at a port (`tcp
/// 10.0.1.0/24:443`), a port wherever it is (`tcp {any}:443`). Programs are never put together.
enum WiderBehaviour {
    static let any = Array("{any}".utf8)
    /// Directories deeper than this are never put together, so that a look-up has a bound.
    static let deepest = 12

    /// Calls `body` with each wider text that includes a behaviour, the narrowest first, until it gives false.
    ///
    /// - Parameter scratch: where the texts are made.
    static func each(
        _ kind: BehaviourKind, _ text: ArraySlice<UInt8>, _ scratch: inout [UInt8], _ body: ([UInt8]) -> Bool
    ) {
        switch kind {
        case .read, .write:
            // The slashes that directories end with, from the root on.
            var slashes = InlineArray<12, Int>(repeating: 0)
            var count = 0
            for index in text.indices.dropFirst() where text[index] == UInt8(ascii: "/") {
                guard count < Self.deepest else { break }
                slashes[count] = index
                count += 1
            }
            let ending = Self.ending(of: text)
            while count > 0 {
                count -= 1
                scratch.removeAll(keepingCapacity: true)
                scratch.append(contentsOf: text[...slashes[count]])
                scratch.append(contentsOf: any)
                scratch.append(contentsOf: ending)
                if !body(scratch) { return }
            }
        case .connect:
            // What has a path has no net.
            guard text.dropFirst().first != UInt8(ascii: "n"), let blank = text.firstIndex(of: UInt8(ascii: " ")),
                let colon = text.lastIndex(of: UInt8(ascii: ":")), colon > blank
            else { return }
            scratch.removeAll(keepingCapacity: true)
            scratch.append(contentsOf: text[...blank])
            if let net = net(text[(blank + 1)..<colon]) {
                scratch.append(contentsOf: net.prefix)
                scratch.append(contentsOf: net.suffix.utf8)
                scratch.append(contentsOf: text[colon...])
                if !body(scratch) { return }
            }
            scratch.removeAll(keepingCapacity: true)
            scratch.append(contentsOf: text[...blank])
            scratch.append(contentsOf: any)
            scratch.append(contentsOf: text[colon...])
            _ = body(scratch)
        default: return
        }
    }

    /// Whether a text stands for many.
    static func isWider(_ kind: BehaviourKind, _ text: ArraySlice<UInt8>) -> Bool {
        switch kind {
        case .read, .write: text[directoryEnd(of: text)...].starts(with: any)
        case .connect: text.contains(UInt8(ascii: "/")) || text.contains(UInt8(ascii: "{"))
        default: false
        }
    }

    /// Where a file's name begins.
    static func directoryEnd(of path: ArraySlice<UInt8>) -> Int {
        path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? path.startIndex
    }

    /// What says of which kind a file is: its extension, a dot and up to twelve letters or digits, with what of numbers follows it:
    /// `.log`, `.log.{n}`. Empty when it has none.
    static func ending(of path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let start = directoryEnd(of: path)
        var end = path.endIndex
        while path[start..<end].hasSuffix(number) { end -= number.count }
        guard let dot = path[start..<end].lastIndex(of: UInt8(ascii: ".")), dot > start, end - dot > 1, end - dot <= 13,
            path[(dot + 1)..<end].allSatisfy(\.isAlphanumeric)
        else { return path[path.endIndex...] }
        return path[dot...]
    }

    private static let number = Array(".{n}".utf8)

    /// The net of an address: the first three numbers of IPv4, the first four groups of IPv6. nil for what is a net already.
    private static func net(_ address: ArraySlice<UInt8>) -> (prefix: ArraySlice<UInt8>, suffix: String)? {
        let isLong = address.first == UInt8(ascii: "[")
        guard !address.contains(UInt8(ascii: "/")), !address.contains(UInt8(ascii: "{")) else { return nil }
        let (separator, count) = isLong ? (UInt8(ascii: ":"), 4) : (UInt8(ascii: "."), 3)
        var seen = 0
        for index in address.indices where address[index] == separator {
            seen += 1
            if seen == count { return (address[...index], isLong ? ":]/64" : "0/24") }
        }
        return nil
    }
}

extension ArraySlice<UInt8> {
    fileprivate func hasSuffix(_ bytes: [UInt8]) -> Bool {
        count >= bytes.count && suffix(bytes.count).elementsEqual(bytes)
    }
}
