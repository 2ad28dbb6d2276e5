import Glibc

/// CPU time of this process, nanoseconds: other work on the machine does not count.
func processorTime() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Runs a stage three times and prints the best as NAME, items, nanoseconds an item.
func measure(_ name: String, _ items: Int, _ body: () -> Void) {
    var best = UInt64.max
    for _ in 0..<3 {
        let start = processorTime()
        body()
        best = min(best, processorTime() - start)
    }
    print("\(name)\t\(items)\t\(Double(best) / Double(max(items, 1)))")
}

/// A file's bytes; nil when it can't be read.
func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        if count == 0 { return bytes }
        bytes.append(contentsOf: chunk[..<count])
    }
}
