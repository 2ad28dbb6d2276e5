import Glibc

/// The executable's file and its place in an overlay file system.
extension ProcessReader {
    func readExecutableFile(_ process: ProcessRecord) -> Bool {
        context.setPath(process: process.pid, "exe")
        guard let status = context.files.status(context.path) else { return false }
        process.storedExecutable.inode = status.inode
        process.storedExecutable.device = status.device
        process.storedExecutable.changeTimeNanoseconds = status.changeTimeNanoseconds
        process.storedExecutable.modificationTimeNanoseconds = status.modificationTimeNanoseconds
        process.storedExecutable.isWritable = Self.mayWrite(
            status, process.credentials, process.capabilities.effective)
        return true
    }

    /// The kernel's permission check without ACLs and supplementary groups (path_resolution(7), capabilities(7)).
    private static func mayWrite(_ file: FileStatus, _ user: ProcessCredentials, _ capabilities: UInt64) -> Bool {
        let overrideDAC: UInt64 = 1 << 1  // CAP_DAC_OVERRIDE, linux/capability.h
        if capabilities & overrideDAC != 0 { return true }
        if file.uid == user.effectiveUID { return file.mode & S_IWUSR != 0 }
        if file.gid == user.effectiveGID { return file.mode & S_IWGRP != 0 }
        return file.mode & S_IWOTH != 0
    }

    func readExecutableLayer(_ process: ProcessRecord) -> Bool {
        let path = process.executablePath
        guard path.first == UInt8(ascii: "/") else { return true }
        guard let layer = layer(ofPath: path[...], seenBy: process) else { return false }
        process.storedExecutable.layer = layer
        return true
    }

    /// The overlayfs layer that a path of a process lies in; nil when the process's mounts can't be read.
    ///
    /// A file is in the upper layer if the upper directory has it under the path's rest: copying up makes it appear there.
    func layer(ofPath path: ArraySlice<UInt8>, seenBy process: ProcessRecord) -> ExecutableFile.Layer? {
        guard !process.isGone, context.readProcess(process.pid, "mountinfo", upTo: 1 << 20) else { return nil }
        guard let mount = MountLine.mount(of: path, in: context.content), mount.isOverlay else {
            return ExecutableFile.Layer.none
        }
        guard let upper = mount.upperDirectory else { return .lower }
        context.setPath(host: "")
        context.path.append(upper)
        let rest = path.dropFirst(mount.mountPoint.count == 1 ? 0 : mount.mountPoint.count)
        if rest.first != UInt8(ascii: "/") { context.path.append("/") }
        context.path.append(rest)
        guard let status = context.files.status(context.path), status.mode & S_IFMT == S_IFREG else { return .lower }
        return .upper
    }
}

/// A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)).
struct MountLine {
    var mountPoint: [UInt8]
    var isOverlay: Bool
    /// The `upperdir` option of an overlay.
    var upperDirectory: [UInt8]?

    /// The mount that a path lies in: the last of the longest mount points that are its beginning.
    static func mount(of path: ArraySlice<UInt8>, in text: [UInt8]) -> MountLine? {
        var best: MountLine?
        var lines = LineCursor(text)
        while let line = lines.next() {
            guard let mount = MountLine(text, line), mount.contains(path) else { continue }
            if mount.mountPoint.count >= best?.mountPoint.count ?? 0 { best = mount }
        }
        return best
    }

    init?(_ text: [UInt8], _ line: Range<Int>) {
        var words = WordCursor(text, line)
        for _ in 0..<4 where words.next() == nil { return nil }
        guard let point = words.next() else { return nil }
        mountPoint = Self.unescaped(point)
        // Mount options and optional fields up to the separator.
        while let word = words.next(), !word.elementsEqual([UInt8(ascii: "-")]) {}
        guard let type = words.next(), words.next() != nil else { return nil }
        isOverlay = type.matches("overlay")
        guard isOverlay, let options = words.next() else { return }
        for option in options.split(separator: UInt8(ascii: ",")) where option.begins(with: "upperdir=") {
            let directory = Self.unescaped(option.dropFirst(9))
            // A relative one starts from where the mounting program stood: unknowable.
            if directory.first == UInt8(ascii: "/") { upperDirectory = directory }
        }
    }

    private func contains(_ path: ArraySlice<UInt8>) -> Bool {
        guard path.starts(with: mountPoint) else { return false }
        return mountPoint.count == 1 || path.count == mountPoint.count
            || path[path.startIndex + mountPoint.count] == UInt8(ascii: "/")
    }

    /// Blank, tab, line feed and backslash are written as `\ooo`.
    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "\\"), text.endIndex - index > 3 {
                let digits = text[index + 1...index + 3]
                if digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x37 }) {
                    result.append(digits.reduce(0) { $0 &<< 3 | ($1 & 7) })
                    index += 4
                    continue
                }
            }
            result.append(text[index])
            index += 1
        }
        return result
    }
}
