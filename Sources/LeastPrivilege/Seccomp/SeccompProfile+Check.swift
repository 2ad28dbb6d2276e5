import KernelInterface

extension SeccompProfile {
    /// What was wrong with a profile that is well-formed.
    public struct Defect: Sendable, Equatable, CustomStringConvertible {
        /// In words.
        public var description: String
    }

    /// Builds the filter with libseccomp as a runtime does and lets a child process put it on itself.
    ///
    /// - Returns: what is wrong; empty: the kernel took it.
    public func check() -> [Defect] {
        var defects: [Defect] = []
        do throws(KernelError) { try program(&defects).tryOut() } catch {
            defects.append(Defect(description: "\(error)"))
        }
        return defects
    }

    /// The filter; rules that can't be added are defects.
    func program(_ defects: inout [Defect]) throws(KernelError) -> SeccompProgram {
        let program = try SeccompProgram(
            default: defaultAction.kernelAction(errno: defaultErrno), architectures: architectures.map(Self.libraryName)
        )
        for rule in rules {
            let conditions = rule.arguments.map { argument in
                SeccompProgram.Condition(
                    argument.index, argument.comparison.kernelComparison, argument.value, second: argument.second)
            }
            for name in rule.names {
                do throws(KernelError) {
                    try program.add(name, rule.action.kernelAction(errno: rule.errno), where: conditions)
                } catch {
                    defects.append(Defect(description: "\(error)"))
                }
            }
        }
        return program
    }

    /// libseccomp's own word for `SCMP_ARCH_X86_64`: `x86_64`.
    private static func libraryName(_ architecture: String) -> String {
        String(architecture.trimmingPrefix("SCMP_ARCH_")).lowercased()
    }
}

extension SeccompProfile.Action {
    func kernelAction(errno: UInt32?) -> SeccompProgram.Action {
        switch self {
        case .allow: .allow
        case .log: .log
        // EPERM, as runtimes do.
        case .errno: .errno(errno ?? 1)
        case .killThread, .killThreadByName: .killThread
        case .killProcess: .killProcess
        case .trap: .trap
        case .trace: .trace(errno ?? 1)
        case .notify: .notify
        }
    }
}

extension SeccompProfile.Argument.Comparison {
    var kernelComparison: SeccompProgram.Comparison {
        switch self {
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .equal: .equal
        case .greaterOrEqual: .greaterOrEqual
        case .greater: .greater
        case .masked: .masked
        }
    }
}
