import BPFPrograms
import CBPF
import Glibc

/// The object file in the kernel, and which of the programs that kernels don't have in common are part of it.
struct LoadedObject {
    let object: OpaquePointer
    /// The programs that see operations of io_uring.
    let ringPrograms: [String]
    /// Why there are none of these; nil where they are there, or the kernel has no io_uring.
    let ringObstacle: BPFError?

    /// The tracepoints of io_uring have other arguments in other kernels. What a kernel takes only a load tells.
    private static let variants: [[String]] = [
        ["shrike_submitted", "shrike_completed", "shrike_overflowed"] + inAll,
        ["shrike_submitted", "shrike_completed_6_12", "shrike_overflowed"] + inAll,
        ["shrike_submitted_6_1", "shrike_completed_6_12"] + inAll, [],
    ]
    private static let inAll = ["shrike_link_failed", "shrike_handed_over", "shrike_waits"]

    /// Times that a load is tried which the kernel puts off (EAGAIN: a signal came, or modules were loaded meanwhile).
    private static let attempts = 8

    /// Loads the programs, with maps of these sizes, in the first variant that the kernel takes.
    ///
    /// - Parameters:
    ///   - excluded: programs that are not loaded.
    ///   - targets: functions of the kernel that programs are made for.
    static func load(
        sizes: [(name: String, entries: UInt32)], without excluded: [String] = [],
        targets: [(program: String, function: String)] = []
    ) throws(BPFError) -> LoadedObject {
        guard let bytes = PackedPrograms.unpack(BPFPrograms.packed) else { throw BPFError(step: .unpack) }
        let log = LibraryLog()
        var failures: [BPFError] = []
        for variant in variants {
            do throws(BPFError) {
                let object = try load(bytes, sizes, variant, excluded, targets, log)
                return LoadedObject(
                    object: object, ringPrograms: variant, ringObstacle: variant.isEmpty ? obstacle(failures) : nil)
            } catch {
                failures.append(error)
                // Without privileges or memory no variant loads.
                if error.errno == EPERM || error.errno == ENOMEM { break }
            }
        }
        throw failures.last ?? BPFError(step: .load)
    }

    /// Why no variant with programs for io_uring was taken; nil where the kernel has no io_uring.
    static func obstacle(_ failures: [BPFError], hasRings: Bool = shrike_bpf_has_io_uring() != 0) -> BPFError? {
        failures.first { $0.errno != ESRCH } ?? (hasRings ? failures.first : nil)
    }

    private static func load(
        _ bytes: [UInt8], _ sizes: [(name: String, entries: UInt32)], _ variant: [String],
        _ excluded: [String], _ targets: [(program: String, function: String)], _ log: borrowing LibraryLog
    ) throws(BPFError) -> OpaquePointer {
        var failure = BPFError(step: .load)
        for _ in 0..<attempts {
            log.clear()
            guard let object = bytes.withUnsafeBytes({ shrike_bpf_open($0.baseAddress, $0.count, "shrike") }) else {
                throw BPFError(step: .open, errno: errno, log: log.lastWords)
            }
            do throws(BPFError) {
                try prepare(object, sizes, variant, excluded)
                try aim(object, targets)
                let status = bpf_object__load(object)
                guard status == 0 else { throw BPFError(step: .load, errno: -status, log: log.lastWords) }
                return object
            } catch {
                bpf_object__close(object)
                failure = error
                guard error.errno == EAGAIN || error.errno == EINTR else { throw error }
            }
        }
        throw failure
    }

    private static func prepare(
        _ object: OpaquePointer, _ sizes: [(name: String, entries: UInt32)], _ variant: [String],
        _ excluded: [String]
    ) throws(BPFError) {
        for (name, entries) in sizes {
            let status = bpf_map__set_max_entries(bpf_object__find_map_by_name(object, name), entries)
            guard status == 0 else { throw BPFError(step: .map, object: name, errno: -status) }
        }
        for name in Set(variants.joined()).union(excluded) {
            let status = bpf_program__set_autoload(
                bpf_object__find_program_by_name(object, name), variant.contains(name))
            guard status == 0 else { throw BPFError(step: .open, object: name, errno: -status) }
        }
    }

    private static func aim(
        _ object: OpaquePointer, _ targets: [(program: String, function: String)]
    ) throws(BPFError) {
        for (program, function) in targets {
            let status = bpf_program__set_attach_target(
                bpf_object__find_program_by_name(object, program), 0, function)
            guard status == 0 else { throw BPFError(step: .open, object: program, errno: -status) }
        }
    }
}
