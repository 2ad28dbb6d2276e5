import BPFFilter
import BPFRuntime
import EventModel
import Glibc
import KernelInterface
import NodeState

extension BPFSource {
    /// The programs stay with the descriptors that are held: afterwards nothing is needed of root's privileges.
    static let driver = SourceDriver(
        SourceTraits(.ebpf, coverage: .systemCalls, provides: typesProvided, capabilities: [], filter: filterAbility),
        probe: { probe() },
        open: { (needs, context) throws(SourceFailure) in
            var options = Options()
            options.hostRoot = context.hostRoot
            options.limits = context.bpfLimits
            let programs: LoadedPrograms
            do throws(BPFError) {
                programs = try LoadedPrograms(
                    settings: options.limits.settings, ahead: context.prepared[.ebpf] as? ProgramsAhead,
                    share: options.limits.share,
                    wantsEnvironment: readsEnvironment(needs.fieldNames))
            } catch { throw SourceFailure(error) }
            return try BPFSource(
                needs, connection: programs, remains: context.stored.flatMap { KeptPrograms($0) }, options: options,
                execLedger: context.execLedger)
        },
        prepare: { probe().isAvailable ? ProgramsAhead($0.bpfLimits.settings) : nil },
        measure: { needs, _ in measure(needs) })

    /// Loads programs of its own and their tables, beside those that may be there, and lets them go again. For that moment they tell
    /// into a ring that nobody reads.
    private static func measure(_ needs: SourceNeeds) -> String {
        let image = FilterImage(
            needs.filter ?? FilterProgram(anyOf: needs.events), always: InstalledFilter.stateTypes(needs))
        let size =
            "tables of \(image.values.count) values and \(image.prefixes.count) prefixes for \(image.types.types.count) types of "
            + "events, and \(image.namedFiles.count) files by inode"
        let start = KernelClock.monotonic()
        guard let programs = try? LoadedPrograms(), (try? programs.install(image, fill: {})) != nil else { return size }
        let way =
            programs.hooksFunctions
            ? "hooked are the functions of the calls that rules ask for"
            : "all calls pass one program, since the kernel takes no hooks on its functions, or may interrupt them"
        return "\(size); programs and tables loaded in \((KernelClock.monotonic() &- start) / 1_000_000) ms; \(way)"
    }

    private static func readsEnvironment(_ fields: Set<String>) -> Bool {
        fields.contains { $0 == "proc.env" || $0 == "proc.aenv" || $0.hasPrefix("evt.arg") }
    }

    /// Whether eBPF can be expected to work here; only loading the programs tells for sure (`examine`).
    static func probe() -> SourceAvailability {
        guard access("/sys/kernel/btf/vmlinux", R_OK) == 0 else {
            return unavailable(
                "the kernel has no type information", fix: "needs CONFIG_DEBUG_INFO_BTF (/sys/kernel/btf/vmlinux)")
        }
        let needed: CapabilitySet = [.bpf, .perfmon]
        guard let effective = try? CapabilitySet.effective(),
            effective.isSuperset(of: needed) || effective.contains(.sysAdmin)
        else { return unavailable("programs may not be loaded", fix: "needs CAP_BPF and CAP_PERFMON") }
        // Then helpers that read memory are unknown to the verifier, which says no more than that.
        guard ProcessFile.text("/sys/kernel/security/lockdown")?.contains("[confidentiality]") != true else {
            return unavailable(
                "the kernel is locked down (confidentiality), so programs can't read what they need",
                fix: "needs lockdown=integrity or none")
        }
        guard DescriptorFacts.namespaceInode("pid") == DescriptorFacts.initialPIDNamespace else {
            return unavailable(
                "the programs tell of the node's process ids, and these are another namespace's",
                fix: "run with the host's pid namespace")
        }
        return SourceAvailability(kind: .ebpf, isAvailable: true)
    }

    /// Loads the programs and lets them go again: what stands in the way is what the kernel says. For `doctor`.
    public static func examine() -> SourceAvailability {
        let expected = probe()
        guard expected.isAvailable else { return expected }
        do throws(BPFError) {
            let shortcomings = try LoadedPrograms().shortcomings
            return SourceAvailability(kind: .ebpf, isAvailable: true, reason: shortcomings.joined(separator: "; "))
        } catch {
            let failure = SourceFailure(error)
            return unavailable(failure.reason, fix: failure.fix)
        }
    }

    private static func unavailable(_ reason: String, fix: String) -> SourceAvailability {
        SourceAvailability(kind: .ebpf, isAvailable: false, reason: reason, fix: fix)
    }
}
