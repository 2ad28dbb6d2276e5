import EventModel
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

    /// Takes what an exec's record says of its file; its times are known to /proc alone.
    func takeExecutable(_ path: PathFact, of process: ProcessRecord) {
        var status = FileStatus()
        status.mode = path.mode
        status.uid = path.uid
        // The record's group isn't kept: a group's permission does not count.
        status.gid = .max
        process.storedExecutable.inode = path.inode
        process.storedExecutable.device = Self.device(major: path.deviceMajor, minor: path.deviceMinor)
        process.storedExecutable.isWritable = Self.mayWrite(
            status, process.credentials, process.capabilities.effective)
    }

    /// A device number as `st_dev` has it (gnu_dev_makedev(3)).
    static func device(major: UInt32, minor: UInt32) -> UInt64 {
        UInt64(minor & 0xff) | UInt64(major & 0xfff) << 8 | UInt64(minor & ~0xff) << 12 | UInt64(major & ~0xfff) << 32
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
