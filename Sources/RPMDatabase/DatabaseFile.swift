import Glibc

/// A file that is read piece by piece: a mapping of one that somebody truncates would end the process.
struct DatabaseFile: ~Copyable {
    /// Enough to tell which kind of database it is.
    static let beginningBytes = 64

    private let descriptor: Int32
    /// Bytes, when it was opened.
    let size: Int

    /// Opens it; nil where it is no regular file.
    init?(_ path: [UInt8]) {
        let descriptor = (path + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) } ?? -1
            }
        }
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        size = status.st_size
    }

    deinit { close(descriptor) }

    /// So many bytes from an offset on; nil where the file has fewer.
    func read(at offset: Int, count: Int) -> [UInt8]? {
        guard offset >= 0, count >= 0, count <= size, offset <= size - count else { return nil }
        var done = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while done < count, let start = buffer.baseAddress {
                let number = pread(descriptor, start + done, count - done, offset + done)
                if number < 0, errno == EINTR { continue }
                guard number > 0 else { break }
                done += number
            }
            filled = done
        }
        return done == count ? bytes : nil
    }
}

extension [UInt8] {
    /// The number at an offset; nil behind the end.
    func integer<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int, isBigEndian: Bool = false) -> Value? {
        guard offset >= 0, offset <= count - MemoryLayout<Value>.size else { return nil }
        let value = withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Value.self) }
        return isBigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
    }
}
