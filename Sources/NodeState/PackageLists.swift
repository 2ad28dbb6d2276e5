import Glibc
import RPMDatabase

/// What is to be looked at.
public struct PackageRequest: Sendable {
    /// The directory that the host's paths start from.
    var root: [UInt8]
    /// What the lists were like at the last look; nil at the first.
    var known: PackageLists.Stamp?
}

/// What was found.
public struct PackageAnswer: Sendable {
    var stamp: PackageLists.Stamp
    /// The packages' files; nil where nothing has changed.
    package var table: PackageTable?
}

extension PackageAnswer {
    /// A table that stands for one of so many files, which somebody else is asked about.
    package init(standingFor count: Int, leftOut: Int) {
        self.init(stamp: PackageLists.Stamp(), table: PackageTable(standingFor: count, leftOut: leftOut))
    }
}

/// Which files packages have put there: Debian's lists, and RPM's database.
///
/// Debian's lists of packages' files: `/var/lib/dpkg/info/PACKAGE.list` or `PACKAGE:ARCHITECTURE.list`, an absolute path a line,
/// directories before what lies in them (dpkg, lib/dpkg/db-fsys-files.c). A package's list is written once its files are in place.
package enum PackageLists {
    /// Tells one state of the lists from another: dpkg renames each list that it writes into the directory.
    package struct Stamp: Sendable, Equatable {
        var directory: FileStatus?
        var diversions: FileStatus?
        /// RPM's database, by its number among `RPMDatabase.paths`.
        var rpm: FileStatus?
        var rpmPlace = 0
    }

    /// Most files that are kept: ten bytes each.
    static let mostFiles = 1 << 20
    private static let mostLists = Int(UInt16.max)
    static let longestList = 16 << 20

    /// Reads the lists if they have changed. Only root's are believed.
    package static func look(_ request: PackageRequest, files: any NodeFiles) -> PackageAnswer {
        let stamp = stamp(request.root, files)
        guard stamp != request.known else { return PackageAnswer(stamp: stamp) }
        var reading = Reading(request.root, files)
        if files.isOfRoot(Array("/var/lib/dpkg/info".utf8), below: request.root) {
            reading.readDiversions()
            reading.readLists()
        } else if stamp.directory != nil {
            // Where there are none nothing is left out; those that others than root can write are not believed.
            reading.leaveOut()
        }
        if stamp.rpm != nil { reading.readRPM(RPMDatabase.paths[stamp.rpmPlace]) }
        return PackageAnswer(stamp: stamp, table: reading.table)
    }

    private static func stamp(_ root: [UInt8], _ files: any NodeFiles) -> Stamp {
        func status(_ name: StaticString) -> FileStatus? {
            var path = PathBuffer()
            path.append(root)
            path.append(name)
            return files.status(path)
        }
        var stamp = Stamp(directory: status("/var/lib/dpkg/info"), diversions: status("/var/lib/dpkg/diversions"))
        for (index, path) in RPMDatabase.paths.enumerated() {
            guard let found = status(path) else { continue }
            (stamp.rpm, stamp.rpmPlace) = (found, index)
            break
        }
        return stamp
    }

    /// One reading of all lists.
    private struct Reading {
        private struct Diversion {
            var to: PackagePath
            /// The package whose file stays under the name; all others' go by the other one.
            var package: [UInt8]
        }

        private let root: [UInt8]
        private let files: any NodeFiles
        private var diversions: [PackagePath: Diversion] = [:]
        private var found: [(path: PackagePath, list: UInt16)] = []
        private var times: [UInt64] = []
        private var leftOut = 0
        private var text: [UInt8] = []

        init(_ root: [UInt8], _ files: any NodeFiles) {
            self.root = root
            self.files = files
        }

        var table: PackageTable { PackageTable(found, times: times, leftOut: leftOut) }

        /// Three lines each: the path, where other packages' files of that path go, and whose file stays; `:` for the administrator's
        /// own (dpkg-divert(1)).
        mutating func readDiversions() {
            var path = PathBuffer()
            path.append(root)
            path.append("/var/lib/dpkg/diversions")
            guard files.read(path, upTo: longestList, into: &text), text.count < longestList else {
                if files.status(path) != nil { leftOut += 1 }
                return
            }
            let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            for start in stride(from: 0, to: lines.count - 2, by: 3) {
                diversions[PackagePath(Array(lines[start]))] = Diversion(
                    to: PackagePath(Array(lines[start + 1])), package: Array(lines[start + 2]))
            }
        }

        mutating func readLists() {
            var path = PathBuffer()
            path.append(root)
            path.append("/var/lib/dpkg/info")
            guard let names = files.listNames(path, limit: 16 * mostLists) else {
                leftOut += 1
                return
            }
            for name in names where name.ends(with: ".list") {
                guard times.count < mostLists else {
                    leftOut += 1
                    continue
                }
                path.reset()
                path.append(root)
                path.append("/var/lib/dpkg/info/")
                path.append(name)
                guard let status = files.status(path), files.read(path, upTo: longestList, into: &text),
                    text.count < longestList
                else {
                    leftOut += 1
                    continue
                }
                let package = name.dropLast(5).prefix { $0 != UInt8(ascii: ":") }
                times.append(status.changeTimeNanoseconds)
                take(text, of: Array(package), list: UInt16(times.count - 1))
            }
        }

        /// Counts a list that can't be believed.
        mutating func leaveOut() { leftOut += 1 }

        /// A package's files were put there about when it was installed; each header counts as a list of that time.
        mutating func readRPM(_ path: StaticString) {
            var name: [UInt8] = []
            name.append(path)
            let isWhole = files.forEachRPMHeader(name, below: root) { bytes in
                guard let header = RPMHeader(bytes) else { return }
                guard times.count < mostLists else { return leftOut += 1 }
                times.append(UInt64(header.installTime) &* 1_000_000_000)
                let list = UInt16(times.count - 1)
                header.forEachPath { path in path.withUnsafeBytes { add($0, [], list) } }
            }
            if !isWhole { leftOut += 1 }
        }

        /// Takes a list's paths but directories, of which the next line is the beginning of the way on.
        private mutating func take(_ text: [UInt8], of package: [UInt8], list: UInt16) {
            text.withUnsafeBytes { bytes in
                var last = UnsafeRawBufferPointer(rebasing: bytes[..<0])
                var rest = bytes
                while let start = rest.baseAddress, !rest.isEmpty {
                    let end =
                        memchr(start, Int32(UInt8(ascii: "\n")), rest.count).map { start.distance(to: $0) }
                        ?? rest.count
                    let line = UnsafeRawBufferPointer(rebasing: rest[..<end])
                    rest = UnsafeRawBufferPointer(rebasing: rest[min(end + 1, rest.count)...])
                    let isWayOn =
                        line.count > last.count && line[last.count] == UInt8(ascii: "/")
                        && (last.isEmpty || line.begins(with: last))
                    if !isWayOn { add(last, package, list) }
                    last = line
                }
                add(last, package, list)
            }
        }

        private mutating func add(_ line: UnsafeRawBufferPointer, _ package: [UInt8], _ list: UInt16) {
            guard line.first == UInt8(ascii: "/"), !PackageLists.unlikely.contains(where: { line.begins(with: $0) })
            else {
                return
            }
            guard found.count < mostFiles else {
                leftOut += 1
                return
            }
            var path = PackagePath(line)
            if let diversion = diversions[path], diversion.package != package { path = diversion.to }
            found.append((path, list))
        }
    }

    /// Where neither programs nor libraries lie.
    private static let unlikely = [
        "/usr/share/doc/", "/usr/share/man/", "/usr/share/locale/", "/usr/share/info/", "/usr/share/icons/",
        "/usr/share/zoneinfo/", "/usr/share/help/", "/usr/share/fonts/", "/usr/include/",
    ].map { Array($0.utf8) }
}
