/// Tells file systems that hold files from those that show the kernel's state.
enum FilesystemKind {
    /// Magic numbers (linux/magic.h): proc, sysfs, cgroup, cgroup2, debugfs, tracefs, securityfs, selinuxfs, bpf,
    /// devpts, pstore, efivarfs, nsfs, binfmt_misc, configfs, mqueue, hugetlbfs, fusectl, autofs.
    private static let kernelState: Set<UInt32> = [
        0x9fa0, 0x6265_6572, 0x27_e0eb, 0x6367_7270, 0x6462_6720, 0x7472_6163, 0x7363_6673, 0xf97c_ff8c, 0xcafe_4a11,
        0x1cd1, 0x6165_676c, 0xde5e_81e4, 0x6e73_6673, 0x4249_4e4d, 0x6265_6570, 0x1980_0202, 0x9584_58f6, 0x6573_5543,
        0x0187,
    ]

    /// Whether a file system with this magic number is worth marks; nil: unknown, and so not.
    static func holdsFiles(magic: UInt32?) -> Bool { magic.map { !kernelState.contains($0) } ?? false }
}
