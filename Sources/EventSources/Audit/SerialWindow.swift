/// Counts the events of which the owner of audit got no record. Where its socket is full for half a second the kernel gives records
/// up that it has counted as sent, and counts them nowhere unless it was booted with `audit=1` (kauditd_hold_skb, kernel/audit.c).
/// But each event has the serial behind that of the one before it, and takes one only when it has a record.
///
/// Records come out of order, since the kernel sends again what it could not send; so a serial that did not come is missing only
/// when it has been outrun for a time.
struct SerialWindow: ~Copyable {
    /// A bit for each of so many serials: 1 where it came.
    private var came: [UInt64]
    /// The first serial that may still come, and how many from there on are within the window.
    private var base: UInt32?
    private var count: UInt32 = 0
    /// Up to which serial all that has not come was outrun at the last call of `settle`, as a distance from `base`.
    private var outrun: UInt32 = 0
    /// Events that did not come.
    private(set) var missed: UInt64 = 0

    private let size: UInt32

    /// - Parameter bits: the size, as a power of two, from 6 on: then serials keep their places where they wrap.
    init(bits: UInt32 = 16) {
        size = 1 << min(max(6, bits), 24)
        came = [UInt64](repeating: 0, count: Int(size / 64))
    }

    /// Takes the serial of a record.
    mutating func take(_ serial: UInt32) {
        guard let first = base else {
            base = serial
            count = 1
            set(serial)
            return
        }
        let distance = serial &- first
        // Older than the window: it was counted as missing, if it is not one more record of an event that came.
        guard distance < 1 << 31 else { return }
        if distance >= size { advance(by: distance &- size &+ 1) }
        set(serial)
        count = max(count, serial &- (base ?? serial) &+ 1)
    }

    /// Counts what was outrun when this was called last and has not come meanwhile.
    mutating func settle() {
        advance(by: min(outrun, count))
        outrun = count
    }

    /// Counts all that has not come.
    mutating func conclude() {
        advance(by: count)
        outrun = 0
    }

    private mutating func set(_ serial: UInt32) {
        let bit = Int(serial % size)
        came[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    private mutating func advance(by distance: UInt32) {
        guard let first = base else { return }
        // Beyond what the window holds nothing came.
        let held = min(distance, size)
        for offset in 0..<held {
            let bit = Int((first &+ offset) % size)
            if came[bit >> 6] & 1 << UInt64(bit & 63) == 0 { missed &+= 1 }
            came[bit >> 6] &= ~(1 << UInt64(bit & 63))
        }
        missed &+= UInt64(distance &- held)
        base = first &+ distance
        count = count > distance ? count &- distance : 0
        outrun = outrun > distance ? outrun &- distance : 0
    }
}
