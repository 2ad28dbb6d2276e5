import Glibc
import KernelInterface

/// One input of a replay: its bytes, unpacked where it is a gzip file. Which it is, its first two bytes say.
final class AuditLogInput {
    /// Why an input ended early.
    enum Failure: Error, CustomStringConvertible {
        case system(KernelError)
        case damaged
        case truncated
        case noMemory

        var description: String {
            switch self {
            case .system(let error): error.description
            case .damaged: "damaged gzip data"
            case .truncated: "the gzip data ends in the middle"
            case .noMemory: "not enough memory to unpack it"
            }
        }
    }

    private enum Format { case unknown, plain, gzip }

    let path: String
    /// A regular file: its reads never wait.
    let isRegular: Bool
    private var file: LogFile?
    private var format = Format.unknown
    private var inflater: GzipInflater?
    /// Of a gzip file what is not unpacked yet; of any file the bytes that told its format.
    private var packed: [UInt8] = []
    private var packedRange = 0..<0
    private var isInMember = false

    init(_ file: consuming LogFile) {
        path = file.path
        isRegular = file.isRegular
        self.file = consume file
    }

    /// The descriptor to wait for; -1 once closed.
    var rawValue: Int32 { file?.rawValue ?? -1 }

    func close() {
        file = nil
        inflater = nil
        packed = []
    }

    /// Reads into the buffer; 0 at the end.
    func read(_ buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        if format == .unknown { try detect() }
        if format == .gzip { return try inflate(into: buffer) }
        if !packedRange.isEmpty {
            let count = min(packedRange.count, buffer.count)
            let end = packedRange.lowerBound + count
            buffer.copyBytes(from: packed[packedRange.lowerBound..<end])
            packedRange = end..<packedRange.upperBound
            return count
        }
        return try readFile(buffer)
    }

    private func detect() throws(Failure) {
        packed = Array(repeating: 0, count: 1 << 16)
        // A pipe may give its first two bytes one at a time.
        while packedRange.count < 2 {
            let count = try refill()
            if count == 0 { break }
        }
        if packed[packedRange].starts(with: GzipInflater.magic) {
            guard let inflater = GzipInflater() else { throw .noMemory }
            self.inflater = consume inflater
            format = .gzip
        } else {
            format = .plain
        }
    }

    private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        while true {
            if packedRange.isEmpty {
                packedRange = 0..<0
                if try refill() == 0 {
                    if isInMember {
                        isInMember = false
                        throw .truncated
                    }
                    return 0
                }
            }
            // gzip pads with zeros, on tapes; logrotate never does, but nothing else may follow a member either.
            if !isInMember, packed[packedRange].allSatisfy({ $0 == 0 }) {
                packedRange = 0..<0
                continue
            }
            isInMember = true
            var consumed = 0
            var produced = 0
            let range = packedRange
            let outcome = packed.withUnsafeBytes { input in
                inflater?.inflate(
                    UnsafeRawBufferPointer(rebasing: input[range]), into: buffer, consumed: &consumed,
                    produced: &produced
                )
            }
            packedRange = range.lowerBound + consumed..<range.upperBound
            switch outcome {
            case .more: break
            case .memberEnd: isInMember = false
            case .outOfMemory: throw .noMemory
            case .damaged, nil:
                // What came before the damage counts; the inflater stays in its error.
                if produced > 0 { return produced }
                isInMember = false
                packedRange = 0..<0
                throw .damaged
            }
            if produced > 0 { return produced }
        }
    }

    /// Reads behind what `packed` holds.
    private func refill() throws(Failure) -> Int {
        let end = packedRange.upperBound
        var count = 0
        var failure: Failure?
        packed.withUnsafeMutableBytes { buffer in
            do throws(Failure) {
                count = try readFile(UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
            } catch { failure = error }
        }
        if let failure { throw failure }
        packedRange = packedRange.lowerBound..<end + count
        return count
    }

    private func readFile(_ buffer: UnsafeMutableRawBufferPointer) throws(Failure) -> Int {
        do throws(KernelError) {
            return try file?.read(into: buffer) ?? 0
        } catch { throw .system(error) }
    }
}
