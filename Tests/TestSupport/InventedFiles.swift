public import Configuration
public import KernelInterface

/// Files that a test makes up; a path that ends in a slash is a directory.
public struct InventedFiles: ConfigurationFiles {
    /// The text of each, by its path.
    public var texts: [String: String]

    /// Files with these texts.
    public init(texts: [String: String]) { self.texts = texts }

    /// The bytes of a file.
    public func read(_ path: String) -> Result<[UInt8], KernelError> {
        guard let text = texts[path] else { return .failure(KernelError(call: "open", object: path, errno: 2)) }
        return .success(Array(text.utf8))
    }

    /// The files that a path stands for.
    public func expand(_ path: String) -> [String] {
        path.hasSuffix("/") ? texts.keys.filter { $0.hasPrefix(path) }.sorted() : texts[path] == nil ? [] : [path]
    }
}
