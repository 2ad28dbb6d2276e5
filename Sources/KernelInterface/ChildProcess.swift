import CKernel
import Glibc

/// A program of ours in a process of its own, with exactly the descriptors that it is given.
public enum ChildProcess {
    /// The two ends of a pipe. Not inherited; numbered so that `spawn` can give them to a child.
    public struct Pipe: ~Copyable {
        /// Gives what was written.
        public var reading: FileDescriptor
        /// Takes what is to be read.
        public var writing: FileDescriptor

        /// An empty pipe.
        public init() throws(KernelError) {
            var ends: [Int32] = [-1, -1]
            let result = shrike_pipe(&ends)
            guard result == 0 else { throw KernelError(call: "pipe2", object: "", errno: -result) }
            reading = FileDescriptor(owning: ends[0])
            writing = FileDescriptor(owning: ends[1])
        }

        /// Keeps the reading end and closes the other.
        public consuming func takeReading() -> FileDescriptor { reading }
        /// Keeps the writing end and closes the other.
        public consuming func takeWriting() -> FileDescriptor { writing }
    }

    /// A file without a name that holds bytes, positioned at its beginning.
    public static func file(holding bytes: [UInt8], name: String) throws(KernelError) -> FileDescriptor {
        let descriptor = shrike_memory_file(name)
        guard descriptor >= 0 else { throw KernelError(call: "memfd_create", object: name, errno: -descriptor) }
        let file = FileDescriptor(owning: descriptor)
        let written = bytes.withUnsafeBytes { write(file.rawValue, $0.baseAddress, $0.count) }
        guard written == bytes.count, lseek(file.rawValue, 0, SEEK_SET) == 0 else {
            throw KernelError(call: "write", object: name, errno: errno)
        }
        return file
    }

    /// Gives this process a name of up to 15 bytes, for one that was started through a descriptor: that one's number is its
    /// name otherwise.
    public static func setOwnName(_ name: String) { shrike_name_thread(name) }

    /// Holds a program, so that it can be started though another takes its name. Not inherited; `spawn` can give it to a child.
    public static func open(program path: String) throws(KernelError) -> FileDescriptor {
        let descriptor = shrike_open_program(path)
        guard descriptor >= 0 else { throw KernelError(call: "open", object: path, errno: -descriptor) }
        return FileDescriptor(owning: descriptor)
    }

    /// Starts the program at `path`; gives its process id.
    ///
    /// - Parameter descriptors: each, from `Pipe`, `file` or `open`, becomes the next number from 3; the child has no others but
    ///   the standard ones.
    public static func spawn(_ path: String, _ arguments: [String], descriptors: [Int32]) throws(KernelError) -> Int32 {
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { (word: String) in strdup(word) }
        words.append(nil)
        defer { for word in words { free(word) } }
        let child = shrike_spawn(path, words, descriptors, Int32(clamping: descriptors.count))
        guard child > 0 else { throw KernelError(call: "posix_spawn", object: path, errno: -child) }
        return child
    }
}
