import Testing

@testable import EventSources

@Suite struct MountPointsTests {
    @Test func `mount points are the fifth word, escapes decoded`() {
        let text = """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw - ext4 /dev/vda rw
            30 27 0:9 / /mnt/two\\040words\\134 rw - tmpfs x rw
            broken line
            """
        let points = MountPoints.parse(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
        #expect(points == ["/proc", "/", "/mnt/two words\\"])
    }
}
