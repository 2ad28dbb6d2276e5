import EventModel
import Glibc
import KernelInterface

/// The executable's file and its place in an overlay file system.
extension ProcessReader {
    func readExecutableFile(_ process: ProcessRecord) -> Bool {
        context.setPath(process: process.pid, "exe")
        guard let status = context.files.status(context.path) else { return false }
        process.storedExecutable.inode = status.inode
        process.storedExecutable.device = status.device
        process.storedExecutable.changeTimeNanoseconds = status.changeTimeNanoseconds
        process.storedExecutable.modificationTimeNanoseconds = status.modificationTimeNanoseconds
        process.storedExecutable.isDeleted = status.links == 0
        process.storedExecutable.isTold = false
        takePermissions(status, of: process)
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
        process.storedExecutable.isTold = true
        process.storedExecutable.device = DeviceNumber.make(major: path.deviceMajor, minor: path.deviceMinor)
        takePermissions(status, of: process)
    }

    /// Takes what a source that looked at the executable's inode says of it.
    func takeExecutable(_ file: ProcessFacts.ExecutableFile, of process: ProcessRecord) {
        process.storedExecutable.inode = file.inode
        process.storedExecutable.device = DeviceNumber.make(major: file.deviceMajor, minor: file.deviceMinor)
        process.storedExecutable.changeTimeNanoseconds = file.changeTime
        process.storedExecutable.modificationTimeNanoseconds = file.modificationTime
        process.storedExecutable.isDeleted = file.isDeleted
        process.storedExecutable.isTold = true
        var status = FileStatus()
        (status.mode, status.uid, status.gid) = (file.mode, file.uid, file.gid)
        takePermissions(status, of: process)
    }

    private func takePermissions(_ status: FileStatus, of process: ProcessRecord) {
        process.storedExecutable.isSetUserID = status.mode & S_ISUID != 0
        process.storedExecutable.isWritable = Self.mayWrite(
            status, process.credentials, process.capabilities.effective)
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
        process.storedExecutable.isLayerTold = false
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
