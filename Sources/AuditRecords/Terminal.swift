/// Turns a terminal's name, as the kernel's `tty_name` prints it, into its device number.
enum Terminal {
    /// Name without its number, major number, first minor number (Documentation/admin-guide/devices.txt).
    private static let drivers: [(name: StaticString, major: UInt32, firstMinor: UInt32)] = [
        ("pts", 136, 0), ("tty", 4, 0), ("ttyS", 4, 64), ("ttyAMA", 204, 64), ("ttyUSB", 188, 0), ("ttyACM", 166, 0),
        ("hvc", 229, 0), ("ttysclp", 4, 64),
    ]

    /// `pts0` or `pts/0` → 136:0, `tty1` → 4:1, `console` → 5:1; 0 for `(none)`, nil for a name not known.
    static func deviceNumber(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        var index = range.lowerBound
        if range.count == 6, EventID.skip("(none)", text, &index) { return 0 }
        if range.count == 7, EventID.skip("console", text, &index) { return encode(5, 1) }
        if range.count == 3, EventID.skip("tty", text, &index) { return encode(5, 0) }
        for driver in drivers {
            index = range.lowerBound
            guard EventID.skip(driver.name, text, &index), index < range.upperBound else { continue }
            if text[index] == 0x2f { index += 1 }
            guard let number = number(text, index..<range.upperBound) else { continue }
            return encode(driver.major, driver.firstMinor + number)
        }
        return nil
    }

    /// The encoding of `/proc/PID/stat` and of `makedev` for small numbers (linux/kdev_t.h, `new_encode_dev`).
    static func encode(_ major: UInt32, _ minor: UInt32) -> UInt32 {
        minor & 0xff | major << 8 | (minor & ~0xff) << 12
    }

    private static func number(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        guard !range.isEmpty, range.count < 7 else { return nil }
        var value: UInt32 = 0
        for index in range {
            guard text[index] &- 0x30 < 10 else { return nil }
            value = value * 10 + UInt32(text[index] &- 0x30)
        }
        return value
    }
}
