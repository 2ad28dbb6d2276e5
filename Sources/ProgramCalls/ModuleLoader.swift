/// Finds and reads what a program is made of: itself, its interpreter, the libraries that it needs and those that these need
/// (ld.so(8)). `LD_LIBRARY_PATH` and `LD_PRELOAD` are not looked at: they are the process', not the program's.
struct ModuleLoader {
    private let limits: ProgramCalls.Limits
    private(set) var modules: [LoadedModule] = []
    private(set) var unseen: [ProgramCalls.Unseen] = []
    private var byPath: [String: Int] = [:]
    private var names: Set<String> = []
    private var bytes = 0
    private var cache: LibraryCache?

    init(limits: ProgramCalls.Limits) { self.limits = limits }

    /// Where the loaders of glibc and musl look last.
    private static func defaultDirectories(_ machine: ELFImage.Machine) -> [String] {
        let triple = machine == .x86_64 ? "x86_64-linux-gnu" : "aarch64-linux-gnu"
        return ["/lib/\(triple)", "/usr/lib/\(triple)", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"]
    }

    /// Whether a file is among the modules.
    func has(_ path: String) -> Bool { byPath[path] != nil }

    /// Reads a program and all that belongs to it; gives its number among the modules.
    mutating func load(_ path: String, from files: any ProgramFiles) throws(ImageError) -> Int {
        if let known = byPath[path] { return known }
        guard let first = try add(path, from: files) else { throw .unreadable("no such file: \(path)") }
        var next = first
        while next < modules.count {
            let module = modules[next]
            next += 1
            for name in module.image.needed where names.insert(name).inserted { find(name, for: module, files) }
        }
        // Last, as its symbols are found last; glibc needs it by its name, too, and then it is there.
        if let interpreter = modules[first].image.interpreter,
            names.insert(interpreter.split(separator: "/").last.map(String.init) ?? interpreter).inserted
        {
            do {
                if try add(interpreter, from: files) == nil {
                    unseen.append(.missing(library: interpreter, neededBy: path))
                }
            } catch {
                unseen.append(.unreadable(path: interpreter, error))
            }
        }
        return first
    }

    private mutating func add(_ path: String, from files: any ProgramFiles) throws(ImageError) -> Int? {
        if let known = byPath[path] { return known }
        guard modules.count < limits.modules else { throw .tooLarge("more than \(limits.modules) libraries") }
        guard let content = try files.read(path, upTo: limits.bytes - bytes) else { return nil }
        let module = try LoadedModule(path: path, content)
        if let first = modules.first, first.image.machine != module.image.machine {
            throw .unsupported(machine: module.image.machine.rawValue)
        }
        bytes += content.count
        modules.append(module)
        byPath[path] = modules.count - 1
        return modules.count - 1
    }

    private mutating func find(_ name: String, for module: LoadedModule, _ files: any ProgramFiles) {
        var failure: ImageError?
        for path in candidates(name, for: module, files) {
            do {
                if try add(path, from: files) != nil { return }
            } catch {
                failure = failure ?? error
                if case .tooLarge = error { break }
            }
        }
        unseen.append(
            failure.map { .unreadable(path: name, $0) } ?? .missing(library: name, neededBy: module.path))
    }

    private mutating func candidates(_ name: String, for module: LoadedModule, _ files: any ProgramFiles) -> [String] {
        if name.contains("/") { return [name] }
        if cache == nil {
            let content = (try? files.read("/etc/ld.so.cache", upTo: 16 << 20)) ?? nil
            cache = LibraryCache(content ?? [])
        }
        let runpath = module.image.texts(DynamicTag.runpath)
        // A program's RPATH holds for its libraries, too; RUNPATH takes its place.
        let rpath = runpath.isEmpty ? [module, modules[0]].flatMap { $0.image.texts(DynamicTag.rpath) } : []
        var origin = module.path.split(separator: "/", omittingEmptySubsequences: false)
        _ = origin.popLast()
        let own = (rpath + runpath).flatMap { $0.split(separator: ":") }.map { directory in
            directory.replacing("${ORIGIN}", with: origin.joined(separator: "/"))
                .replacing("$ORIGIN", with: origin.joined(separator: "/"))
        }
        return own.map { "\($0)/\(name)" } + (cache?.paths[name] ?? [])
            + Self.defaultDirectories(module.image.machine).map { "\($0)/\(name)" }
    }
}
