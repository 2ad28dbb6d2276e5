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

    /// The layer follows from the path and the container, whether the process lives or not.
    func readLayer(of process: ProcessRecord) {
        let path = process.executablePath
        process.known.insert(.executableLayer)
        process.failed.remove(.executableLayer)
        guard let first = path.first else {
            process.failed.insert(.executableLayer)
            return
        }
        let isPath = first == UInt8(ascii: "/")
        guard let layer = isPath ? layers?.layer(ofPath: path[...], seenBy: process) : ExecutableFile.Layer.none else {
            process.failed.insert(.executableLayer)
            return
        }
        process.storedExecutable.layer = layer
    }
}
