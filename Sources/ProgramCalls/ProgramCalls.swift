import KernelInterface

/// The system calls that a program's code can make: its own, that of the libraries it is linked to, and that of the loader.
///
/// Found without running it. Whatever is called directly, through an import, or through an address that the code or the data
/// holds counts as called, so there are more calls than the program will ever make. `unseen` says where there may be less: code
/// that is loaded later, numbers that are computed, libraries that are not there.
public struct ProgramCalls: Sendable, Equatable {
    /// What is looked at, at most.
    public struct Limits: Sendable {
        /// Programs and libraries.
        public var modules = 256
        /// Bytes of all of them.
        public var bytes = 512 << 20
        /// Instructions that are read.
        public var instructions = 50_000_000

        /// The usual bounds: some seconds.
        public init() {}
    }

    /// A system call with where it is made.
    public struct Call: Sendable, Equatable {
        /// Its name; the number where libseccomp does not know one.
        public var name: String
        /// Its number in the program's ABI.
        public var number: Int32
        /// The function that makes it: `libc.so.6: read`. One of them where there are several.
        public var place: String
        /// The functions on the way there, from the one that is called from outside, at most eight.
        public var way: [String]

        /// A call from its parts.
        public init(name: String, number: Int32, place: String, way: [String]) {
            (self.name, self.number, self.place, self.way) = (name, number, place, way)
        }
    }

    /// What the look could not see.
    public enum Unseen: Sendable, Equatable {
        /// A function makes a call whose number it computes or is given.
        case number(place: String)
        /// A function loads code while it runs (dlopen(3)).
        case loading(place: String)
        /// A library is not there.
        case missing(library: String, neededBy: String)
        /// A library can't be looked at.
        case unreadable(path: String, ImageError)
        /// The bound on instructions was reached.
        case cutOff
    }

    /// The ABI of the program.
    public var abi: SyscallCatalogue.ABI
    /// By name.
    public var calls: [Call]
    /// Paths of what was looked at.
    public var modules: [String]
    /// What may be missing.
    public var unseen: [Unseen]

    /// What was found, from its parts.
    public init(abi: SyscallCatalogue.ABI, calls: [Call], modules: [String], unseen: [Unseen]) {
        (self.abi, self.calls, self.modules, self.unseen) = (abi, calls, modules, unseen)
    }

    /// Looks at a program.
    ///
    /// - Parameters:
    ///   - path: an ELF file, or a script whose first line names its interpreter.
    ///   - additional: libraries that it loads while it runs, as a profile saw them; all that they export counts. Those that
    ///     it is linked to may be among them.
    public static func look(
        at path: String, additional: [String] = [], in files: any ProgramFiles, limits: Limits = Limits()
    ) throws(ImageError) -> ProgramCalls {
        var loader = ModuleLoader(limits: limits)
        // A script is run by its interpreter, perhaps by way of another.
        var programs = [path]
        while let next = try interpreter(of: programs[0], files, limits) {
            guard programs.count <= mostInterpreters else {
                throw .unreadable("a script whose interpreters are scripts themselves")
            }
            programs = next + programs.dropFirst()
        }
        let first = try loader.load(programs[0], from: files)
        var more: [Int] = []
        var failed: [Unseen] = []
        for program in programs.dropFirst() { more.append(try loader.load(program, from: files)) }
        // What it is linked to anyway is called through its imports.
        for library in additional where !loader.has(library) {
            do {
                more.append(try loader.load(library, from: files))
            } catch {
                failed.append(.unreadable(path: library, error))
            }
        }
        var walk = CallWalk(loader.modules, budget: limits.instructions)
        walk.run(program: first, additional: more)
        return ProgramCalls(
            abi: loader.modules[first].image.machine == .x86_64 ? .x86_64 : .aarch64, calls: walk.calls(),
            modules: loader.modules.map(\.path), unseen: loader.unseen + failed + walk.unseen)
    }

    /// The names of the calls.
    public var names: Set<String> { Set(calls.map(\.name)) }

    /// Scripts that the kernel follows to their interpreters (fs/exec.c, exec_binprm).
    private static let mostInterpreters = 5

    /// What runs a script, the last first: the word behind `#!`, and where that is env(1) the program that it looks for. Nil for what is
    /// no script.
    private static func interpreter(
        of path: String, _ files: any ProgramFiles, _ limits: Limits
    ) throws(ImageError) -> [String]? {
        guard let bytes = try files.read(path, upTo: limits.bytes), bytes.starts(with: [0x23, 0x21]) else { return nil }
        // BINPRM_BUF_SIZE, linux/binfmts.h.
        let line = bytes.prefix(256).dropFirst(2).prefix { $0 != 0x0a }
        let words = String(decoding: line, as: UTF8.self).split { $0 == " " || $0 == "\t" || $0 == "\r" }
        guard let first = words.first.map(String.init) else { throw .unreadable("a script that names no interpreter") }
        guard first.hasSuffix("/env"),
            let name = words.dropFirst().first(where: { !$0.hasPrefix("-") && !$0.contains("=") })
        else { return [first] }
        if name.hasPrefix("/") { return [String(name), first] }
        for directory in ["/usr/local/bin", "/usr/bin", "/bin"] {
            // What can't be read there, env(1) passes over as well.
            if let found = try? files.read("\(directory)/\(name)", upTo: limits.bytes), !found.isEmpty {
                return ["\(directory)/\(name)", first]
            }
        }
        throw .unreadable("a script for \(name), which is in none of the usual directories")
    }
}

extension ProgramCalls.Unseen: CustomStringConvertible {
    /// What may be missing and why.
    public var description: String {
        switch self {
        case .number(let place): "\(place) makes a call whose number is computed or given to it"
        case .loading(let place): "\(place) loads code while it runs"
        case .missing(let library, let needer): "\(library), which \(needer) needs, is not there"
        case .unreadable(let path, let error): "\(path): \(error)"
        case .cutOff: "the code is longer than what is looked at"
        }
    }
}
