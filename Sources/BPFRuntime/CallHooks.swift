import CBPF
import Glibc

/// Hooks on the functions of wanted system calls, each of which goes on to the program for its function's type.
///
/// They are loaded all at once, since that needs capabilities; a hook that is loaded can be attached without. One that was attached
/// stays: what is not wanted ends at its first look.
final class CallHooks {
    private struct Hook {
        var function: CallFunctions.Function
        /// Kept open, to be asked how often it was skipped.
        var program: Int32
        var link: Int32 = -1
        var facts = shrike_bpf_link_facts()
    }
    /// Calls whose functions have no end.
    private static let neverReturning: Set<String> = ["exit", "exit_group", "rt_sigreturn"]

    private var hooks: [String: Hook] = [:]
    private var tables: [Int32] = []

    /// The programs that hooks go on to, one for each type of function.
    private static let programs = ["shrike_hooked", "shrike_hooked_too"]
    private static let compatProgram = "shrike_hooked_compat"

    /// Which programs are not loaded with hooks on these functions; nil: without any.
    static func excluded(_ functions: CallFunctions?) -> [String] {
        guard let functions else { return programs + [compatProgram] }
        return ["shrike_sys_exit"] + programs.dropFirst(functions.examples.count)
            + (functions.compat == nil ? [compatProgram] : [])
    }

    /// By program a function that it is made for.
    static func targets(_ functions: CallFunctions?) -> [(program: String, function: String)] {
        guard let functions else { return [] }
        let own = zip(programs, functions.examples).map { (program: $0, function: $1.name) }
        return own + (functions.compat.map { [(program: compatProgram, function: $0.name)] } ?? [])
    }

    /// Loads one for each function.
    ///
    /// - Parameter descriptor: the descriptor of a program by its name.
    init(_ functions: CallFunctions, descriptor: (String) -> Int32) throws(BPFError) {
        var tableOfType: [UInt32: Int32] = [:]
        for (program, example) in zip(Self.programs, functions.examples) {
            let table = shrike_bpf_make_program_table(descriptor(program))
            guard table >= 0 else { throw BPFError(step: .map, object: "shrike_hooked", errno: -table) }
            tables.append(table)
            tableOfType[example.type] = table
        }
        for (name, function) in functions.own {
            guard let table = tableOfType[function.type] else { continue }
            let hook = shrike_bpf_load_hook(function.id, table)
            if hook < 0, Self.neverReturning.contains(name) { continue }
            guard hook >= 0 else { throw BPFError(step: .load, object: function.name, errno: -hook) }
            hooks[name] = Hook(function: function, program: hook)
        }
    }

    deinit {
        detach()
        for descriptor in tables + hooks.values.map(\.program) where descriptor >= 0 { close(descriptor) }
    }

    /// Attaches those of these calls, as libseccomp names them. What the kernel doesn't have, or never returns, is left out.
    func attach(_ calls: Set<String>) throws(BPFError) {
        for name in calls.sorted() {
            guard var hook = hooks[name], hook.link < 0 else { continue }
            let link = shrike_bpf_attach_hook(hook.program)
            guard link >= 0 else { throw BPFError(step: .attach, object: hook.function.name, errno: -link) }
            hook.link = link
            _ = shrike_bpf_link_facts(link, &hook.facts)
            hooks[name] = hook
        }
    }

    /// Times that one of them was skipped since it ran on that processor already, when that was counted last.
    private(set) var recursionMisses: UInt64 = 0

    /// Counts them: a question to the kernel for each hook, so not for whoever wants to know, but from time to time.
    func countRecursionMisses() {
        recursionMisses = hooks.values.reduce(0) { sum, hook in
            var facts = shrike_bpf_program_facts()
            guard hook.link >= 0, shrike_bpf_program_facts(hook.program, &facts) == 0 else { return sum }
            return sum &+ facts.recursion_misses
        }
    }

    /// Descriptors of those that are attached.
    var links: [Int32] { hooks.values.filter { $0.link >= 0 }.map(\.link) }

    /// Functions whose hooks are not what was attached.
    var altered: [String] {
        hooks.values.filter { hook in
            guard hook.link >= 0 else { return false }
            var facts = shrike_bpf_link_facts()
            return shrike_bpf_link_facts(hook.link, &facts) != 0 || facts.id != hook.facts.id
                || facts.program != hook.facts.program
        }.map(\.function.name).sorted()
    }

    /// Takes them out of the kernel.
    func detach() {
        if hooks.values.contains(where: { $0.link >= 0 }) { countRecursionMisses() }
        for (name, hook) in hooks where hook.link >= 0 {
            close(hook.link)
            hooks[name]?.link = -1
        }
    }
}
