import KernelInterface
import Testing

@Suite struct DeviceNumberTests {
    @Test(
        arguments: [(0xfe00, 254, 0), (0x15, 0, 21), (0x100103, 1, 259), (0xfff00, 4095, 0)]
            as [(UInt64, UInt32, UInt32)])
    func `major and minor are taken apart`(_ device: UInt64, _ major: UInt32, _ minor: UInt32) {
        #expect(DeviceNumber.major(device) == major)
        #expect(DeviceNumber.minor(device) == minor)
        #expect(DeviceNumber.make(major: major, minor: minor) == device)
    }
}
