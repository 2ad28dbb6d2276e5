import Glibc

/// Where this program is, and what was installed with it.
public enum ProgramPlace {
    /// The path of this program; nil where /proc doesn't tell.
    public static var thisProgram: String? {
        var text = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &text, text.count)
        return count > 0 ? String(decoding: text.prefix(count), as: UTF8.self) : nil
    }

    /// A directory that belongs to a program: `PREFIX/share/shrike/INSTALLED` beside its `PREFIX/bin`, else the one in the checkout that
    /// it was built in; nil: there is neither.
    public static func directory(installed: String, inCheckout: String, ofProgram program: String) -> String? {
        var parts = program.split(separator: "/").dropLast()
        let shared = "/" + parts.dropLast().joined(separator: "/") + "/share/shrike/" + installed
        if DirectoryTree.isThere(shared) { return shared }
        while !parts.isEmpty {
            let directory = "/" + parts.joined(separator: "/") + "/" + inCheckout
            if DirectoryTree.isThere(directory) { return directory }
            parts = parts.dropLast()
        }
        return nil
    }
}
