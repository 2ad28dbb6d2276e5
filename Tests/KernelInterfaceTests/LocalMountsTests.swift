import Testing

@testable import KernelInterface

@Suite struct LocalMountsTests {
    private static let list = Array(
        """
        24 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
        25 24 0:21 / /proc rw,nosuid - proc proc rw
        26 24 0:52 / /mnt/a\\040b rw shared:2 master:3 - nfs4 server:/x rw
        27 24 0:300 /sub /home rw - btrfs /dev/vdb rw
        28 24 broken
        29 24 x:y / /odd rw - ext4 /dev/vdc rw

        """.utf8)

    @Test(
        arguments: [
            (24, true, 0xfe01), (25, true, 21), (26, false, 52), (27, true, 0x10002c), (28, false, nil),
            (29, true, nil), (30, false, nil), (2, false, nil),
        ] as [(UInt64, Bool, UInt64?)])
    func `a mount by its number`(_ mount: UInt64, _ isLocal: Bool, _ device: UInt64?) {
        #expect(
            LocalMounts.answer(mount, in: Self.list) == LocalMounts.Answer(isLocal: isLocal, kernelDevice: device))
    }
}
