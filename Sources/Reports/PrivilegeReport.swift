public import CommandOutput
public import Configuration
import Glibc
import JSONTree
import KernelInterface
public import LeastPrivilege
import NodeState
import ProfileStorage
import Profiles
import ProgramCalls

/// What `shrike audit node` and `audit calls` print, and what is made of profiles: what workloads may do, what programs can do.
public enum PrivilegeReport {
    /// A command that can't be done.
    public typealias Failure = ProfileReport.Failure

    /// What is printed, and what the user should know beside it.
    public typealias Told = (report: Report, remarks: [String])

    // MARK: The node

    /// `audit node`: the findings about every running workload.
    ///
    /// - Parameter hostRoot: what is put before the host's paths.
    public static func node(
        _ configuration: Configuration, hostRoot: String, form: NodeAuditReport.Form
    ) throws(Failure) -> Report {
        let directory = try ProfileReport.directory(configuration)
        let settings = configuration.learning.settings
        var options = NodeStateOptions()
        options.hostRoot = hostRoot
        let reader = NodeAuditReader(options, settings: settings)
        var host = reader.host()
        let survey = reader.survey()
        host.unread = survey.unread + host.unread
        var hasUnreadDirectory = false
        do throws(KernelError) { _ = try directory.names() } catch {
            hasUnreadDirectory = true
            host.unread.append("profiles: \(error)")
        }
        let rows = survey.workloads.map { facts in
            var observed: ObservedPrivileges?
            switch hasUnreadDirectory ? nil : directory.read(facts.workload)?.result {
            case .success(let profile)?: observed = ObservedPrivileges(profile, settings.profiles)
            case .failure(let problem)?: host.unread.append("\(problem)")
            case nil: break
            }
            return NodeAudit.judge(facts, observed: observed)
        }
        return NodeAuditReport.make(host: host, rows: rows, form: form)
    }

    // MARK: The calls of a program

    /// `audit calls`: the system calls that a program's code can make.
    ///
    /// - Parameters:
    ///   - root: the directory that paths start from; nil: the host's, and a path without a slash at its start is one from here.
    ///   - libraries: what it loads while it runs.
    public static func calls(
        of program: String, root: String?, libraries: [String], isJSON: Bool
    ) throws(Failure) -> Report {
        func place(_ path: String) -> String {
            guard root == nil, !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
            defer { free(here) }
            return "\(String(cString: here))/\(path)"
        }
        let libraries = libraries.map(place)
        let found: ProgramCalls
        switch look(at: place(program), libraries: libraries, root: root ?? "/") {
        case .success(let calls): found = calls
        case .failure(let problem): throw Failure("\(program): \(problem)".printable)
        }
        // What the user named must be there.
        for case .unreadable(let path, let error) in found.unseen where libraries.contains(path) {
            throw Failure("\(path): \(error)".printable)
        }
        guard !isJSON else { return Report(bytes: json(program, found)) }
        let width = found.calls.map(\.name.count).max() ?? 0
        var lines = found.calls.map { "\($0.name.padded(to: width))  \($0.way.joined(separator: " > "))" }
        lines.append("\(found.calls.count) calls of \(found.abi) in \(found.modules.joined(separator: ", "))")
        lines += found.unseen.map { "can't be seen: \($0)" }
        return Report(lines: lines.map(\.printable))
    }

    private static func json(_ program: String, _ found: ProgramCalls) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("program", program)
            json.member("abi", "\(found.abi)")
            json.member("modules", found.modules)
            json.key("calls")
            json.beginArray()
            for call in found.calls {
                json.object { json in
                    json.member("name", call.name)
                    json.member("number", call.number)
                    json.member("place", call.place)
                    json.member("way", call.way)
                }
            }
            json.endArray()
            json.member("unseen", found.unseen.map(\.description))
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    /// Why a program was not looked at.
    struct Problem: Error, CustomStringConvertible {
        var description: String
    }

    /// Looks at a program below a root directory.
    static func look(at program: String, libraries: [String], root: String) -> Result<ProgramCalls, Problem> {
        do {
            let files = try RootedFiles(root: root)
            return .success(try ProgramCalls.look(at: program, additional: libraries, in: files))
        } catch { return .failure(Problem(description: "\(error)")) }
    }
}
