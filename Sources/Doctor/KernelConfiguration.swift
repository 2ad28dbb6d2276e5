import Configuration
import KernelInterface

/// The options that the running kernel was built with.
enum KernelConfiguration {
    /// More than any kernel's configuration.
    private static let sizeLimit = 4 << 20

    /// The names of the options that are on, from /proc/config.gz or /boot; nil where neither can be read.
    static func options(release: String, hostRoot: String) -> Set<String>? {
        let files = SystemConfigurationFiles()
        if case .success(let packed) = files.read("/proc/config.gz"), let text = unpack(packed) {
            return options(in: text)
        }
        // A release holds no slash; if it does, it is no part of a path.
        guard !release.isEmpty, !release.contains("/"),
            case .success(let text) = files.read("\(hostRoot)/boot/config-\(release)")
        else { return nil }
        return options(in: text)
    }

    /// The options that are `y` or `m`.
    static func options(in text: [UInt8]) -> Set<String> {
        var options: Set<String> = []
        for line in text.split(separator: UInt8(ascii: "\n")) where line.first == UInt8(ascii: "C") {
            let text = String(decoding: line, as: UTF8.self)
            if text.hasSuffix("=y") || text.hasSuffix("=m") { options.insert(String(text.dropLast(2))) }
        }
        return options
    }

    private static func unpack(_ packed: [UInt8]) -> [UInt8]? {
        guard var inflater = GzipInflater() else { return nil }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        var position = 0
        while text.count < sizeLimit {
            var (consumed, produced) = (0, 0)
            let outcome = packed.withUnsafeBytes { input in
                chunk.withUnsafeMutableBytes { output in
                    inflater.inflate(
                        UnsafeRawBufferPointer(rebasing: input[position...]), into: output, consumed: &consumed,
                        produced: &produced)
                }
            }
            position += consumed
            text += chunk[..<produced]
            switch outcome {
            case .memberEnd: return text
            case .more where consumed > 0 || produced > 0: continue
            default: return nil
            }
        }
        return nil
    }
}
