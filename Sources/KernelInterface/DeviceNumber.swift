/// Device numbers as `st_dev` has them (gnu_dev_makedev(3): 12 + 20 bits of each, interleaved).
public enum DeviceNumber {
    /// Of a major and a minor number.
    public static func make(major: UInt32, minor: UInt32) -> UInt64 {
        UInt64(minor & 0xff) | UInt64(major & 0xfff) << 8 | UInt64(minor & ~0xff) << 12 | UInt64(major & ~0xfff) << 32
    }

    /// The major number.
    public static func major(_ device: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (device >> 8) & 0xfff | (device >> 32) & 0xffff_f000)
    }

    /// The minor number.
    public static func minor(_ device: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: device & 0xff | (device >> 12) & 0xffff_ff00)
    }
}
