/// What the state takes from /proc/PID/stat (proc_pid_stat(5)).
struct ProcStat: Equatable {
    var command: Range<Int>
    var state: UInt8
    var parentPID: Int32
    var groupID: Int32
    var sessionID: Int32
    var terminal: UInt32
    var minorFaults: UInt64
    var majorFaults: UInt64
    var threads: UInt32
    var startTicks: UInt64
    var virtualBytes: UInt64
    var residentPages: UInt64
    /// Whether the process has begun to end (PF_EXITING, linux/sched.h) or is a zombie.
    var isExiting: Bool

    /// Parses the file's text; nil when it is not one. The command name is in parentheses and may itself hold any byte,
    /// parentheses and blanks included, so the last `)` ends it.
    init?(_ text: [UInt8]) {
        guard let open = text.firstIndex(of: UInt8(ascii: "(")), let close = text.lastIndex(of: UInt8(ascii: ")")),
            open < close
        else { return nil }
        command = open + 1..<close
        var end = text.count
        while end > close, text[end - 1] == 0x0a { end -= 1 }
        var words = WordCursor(text, close + 1..<end)
        guard let stateWord = words.next(), stateWord.count == 1, let stateByte = stateWord.first else { return nil }
        state = stateByte
        // Fields 4 to 24; the state is field 3.
        var numbers = InlineArray<21, Int64>(repeating: 0)
        for index in 0..<21 {
            guard let word = words.next() else { return nil }
            // rss limits and addresses exceed Int64, but they come later; vsize may not.
            guard let number = DecimalText.signed(word) else { return nil }
            numbers[index] = number
        }
        parentPID = Int32(truncatingIfNeeded: numbers[0])
        groupID = Int32(truncatingIfNeeded: numbers[1])
        sessionID = Int32(truncatingIfNeeded: numbers[2])
        terminal = UInt32(truncatingIfNeeded: numbers[3])
        minorFaults = UInt64(clamping: numbers[6])
        majorFaults = UInt64(clamping: numbers[8])
        threads = UInt32(clamping: numbers[16])
        startTicks = UInt64(clamping: numbers[18])
        virtualBytes = UInt64(clamping: numbers[19])
        residentPages = UInt64(clamping: numbers[20])
        isExiting = numbers[5] & 0x4 != 0 || state == UInt8(ascii: "Z") || state == UInt8(ascii: "X")
    }
}
