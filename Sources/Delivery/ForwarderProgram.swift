import Configuration
import Glibc
import KernelInterface

/// The program of the forwarder: a file of its own, so that the sensor's process loads nothing that talks to the network.
struct ForwarderProgram: ~Copyable {
    /// The file, held: what is put in its place later is not started by this sensor, whose plan it may not know.
    let descriptor: FileDescriptor

    private static let name = "shrike-forward"
    /// Where it may be, seen from shrike's own directory: beside it in a build, the second when it is installed.
    private static let places = ["", "../libexec/shrike/"]

    /// Finds the program that was installed with the shrike at `path`. One that others can change is refused: it is started
    /// as root.
    init(of path: String) throws(KernelError) {
        guard let resolved = realpath(path, nil) else {
            throw KernelError(call: "realpath", object: path, errno: errno)
        }
        defer { free(resolved) }
        let own = String(cString: resolved)
        let directory = String(own[...(own.lastIndex(of: "/") ?? own.startIndex)])
        for place in Self.places.map({ directory + $0 + Self.name }) where access(place, F_OK) == 0 {
            descriptor = try Self.open(place)
            return
        }
        throw KernelError(
            call: "open", object: directory + Self.name, errno: ENOENT,
            hint: "network outputs need it there or in \(directory)\(Self.places[1]); install it with shrike")
    }

    private static func open(_ path: String) throws(KernelError) -> FileDescriptor {
        let file = try ChildProcess.open(program: path)
        guard access(path, X_OK) == 0 else { throw KernelError(call: "access", object: path, errno: errno) }
        if let weakness = FileTrust.weaknesses(of: [path]).first {
            throw KernelError(call: "open", object: path, errno: EACCES, hint: "\(weakness.message): \(weakness.fix)")
        }
        return file
    }
}
