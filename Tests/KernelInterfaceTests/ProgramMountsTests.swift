import KernelInterface
import Testing

@Suite struct ProgramMountsTests {
    @Test func `file systems that a program answers for are told apart by their type`() {
        let text = """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw shared:1 master:2 - ext4 /dev/vda rw
            41 27 0:50 / /home/a\\040b/- rw,nosuid shared:7 - fuse.sshfs host: rw,user_id=1000
            42 27 0:300 / /tmp/hung rw - fuse hung rw,user_id=0
            43 27 0:52 / /mnt/disk rw - fuseblk /dev/sdb1 rw,user_id=1000,group_id=0
            44 22 0:53 / /sys/fs/fuse/connections rw - fusectl fusectl rw
            45 27 0:54 / /fuse rw - tmpfs fuse rw
            46 27 0:55 / /x rw -
            47 27 0:56 / /layers rw - fuse.fuse-overlayfs fuse-overlayfs rw,user_id=0,group_id=0
            48 27 254:16 / /mnt/own rw - fuseblk /dev/sdc1 rw,user_id=0,group_id=0
            """
        let mounts = ProgramMounts.parse(Array(text.utf8))
        #expect(mounts.map { String(decoding: $0.path, as: UTF8.self) } == ["/home/a b/-", "/tmp/hung", "/mnt/disk"])
        #expect(mounts.map(\.number) == [41, 42, 43])
        #expect(mounts.map(\.device) == [50, DeviceNumber.make(major: 0, minor: 300), 52])
    }
}
