private import CRE2

/// A regular expression of the `regex` operator: RE2's POSIX mode (egrep syntax; `^` and `$` also hold at line
/// boundaries, `.` matches no newline), over whole values of valid UTF-8.
///
/// `@unchecked Sendable`: the handle is set once and freed by `deinit`, RE2's own state is built before `init` returns, and
/// RE2 lets any number of threads match with one expression at once (re2.h, "thread-safe").
final class RegularExpression: @unchecked Sendable {
    /// What is wrong with a pattern.
    struct SyntaxError: Error, Equatable {
        /// In RE2's words.
        let message: String
        /// The offending bytes of the pattern; nil when RE2 names none.
        let range: Range<Int>?
    }

    /// The expression as written.
    let pattern: [UInt8]
    private let handle: OpaquePointer

    /// Compiles a pattern. A NUL is a byte like others.
    init(_ pattern: [UInt8]) throws(SyntaxError) {
        self.pattern = pattern
        var failure = shrike_regex_failure()
        let compiled = pattern.withUnsafeBufferPointer { bytes in
            // An empty array may have no address, and RE2 takes none.
            withUnsafePointer(to: 0 as UInt8) { empty in
                shrike_regex_compile(bytes.baseAddress ?? empty, bytes.count, &failure)
            }
        }
        guard let compiled else {
            let message = withUnsafeBytes(of: failure.message) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            let range = failure.length > 0 ? failure.offset..<(failure.offset + failure.length) : nil
            throw SyntaxError(message: message, range: range)
        }
        handle = compiled
    }

    deinit { shrike_regex_free(handle) }

    /// Whether the whole text in `range` matches; the text is valid UTF-8.
    func matches(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        guard range.lowerBound >= 0, range.upperBound <= text.count else { return false }
        return text.withUnsafeBufferPointer { bytes in
            withUnsafePointer(to: 0 as UInt8) { empty in
                shrike_regex_matches(handle, bytes.baseAddress.map { $0 + range.lowerBound } ?? empty, range.count)
            }
        }
    }
}

extension RegularExpression: Hashable {
    /// Equal patterns are equal expressions.
    static func == (left: RegularExpression, right: RegularExpression) -> Bool { left.pattern == right.pattern }

    /// By the pattern.
    func hash(into hasher: inout Hasher) { hasher.combine(pattern) }
}
