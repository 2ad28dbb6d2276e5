import TestNode
import Testing

@testable import NodeState

@Suite struct PackageListsTests {
    private static func table(_ fill: (ScriptedFiles) -> Void) throws -> PackageTable {
        let files = ScriptedFiles()
        fill(files)
        return try #require(PackageLists.look(PackageRequest(root: []), files: files).table)
    }

    private static func time(_ path: String, _ table: PackageTable) -> UInt64? {
        table.listTime(of: PackagePath(Array(path.utf8))).map { $0 / 1_000_000_000 }
    }

    @Test(
        arguments: [
            ("/usr/bin/cat", 10), ("/bin/cat", 10), ("/usr/sbin/sshd", 20), ("/sbin/sshd", 20),
            ("/lib/x86_64-linux-gnu/libc.so.6", 30), ("/usr/lib/x86_64-linux-gnu/libc.so.6", 30),
            ("/usr/lib64/ld.so", 30), ("/opt/tool/bin/tool", 10), ("/usr/bin", nil), ("/usr", nil),
            ("/usr/bin/ca", nil),
            ("/usr/bin/cats", nil), ("/usr/share/doc/cat/copyright", nil), ("/usr/bin/nothing", nil), ("", nil),
            ("relative", nil), ("/usr/local/bin/cat", nil), ("/usr/usr/bin/cat", nil),
        ] as [(String, UInt64?)])
    func `a file is known by its path, wherever lists say that /bin is`(_ path: String, _ written: UInt64?) throws {
        let table = try Self.table { files in
            files.addPackage(
                "coreutils",
                [
                    "/.", "/bin", "/bin/cat", "/usr", "/usr/share", "/usr/share/doc", "/usr/share/doc/cat",
                    "/usr/share/doc/cat/copyright", "/opt", "/opt/tool", "/opt/tool/bin", "/opt/tool/bin/tool",
                    "relative",
                ], written: 10)
            files.addPackage("openssh-server", ["/.", "/usr", "/usr/sbin", "/usr/sbin/sshd"], written: 20)
            files.addPackage(
                "libc6:amd64",
                [
                    "/.", "/lib", "/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu/libc.so.6", "/lib64", "/lib64/ld.so",
                ], written: 30)
        }
        #expect(Self.time(path, table) == written)
        #expect(table.leftOut == 0)
    }

    @Test func `of a path in two lists the one that was written last counts`() throws {
        let table = try Self.table { files in
            files.addPackage("libx:amd64", ["/usr/lib/x"], written: 10)
            files.addPackage("libx:i386", ["/usr/lib/x"], written: 40)
        }
        #expect(Self.time("/usr/lib/x", table) == 40 && table.count == 1)
    }

    @Test func `a diverted file is the package's whose name it keeps`() throws {
        let table = try Self.table { files in
            files["/var/lib/dpkg/diversions"] =
                "/usr/bin/pg_config\n/usr/bin/pg_config.libpq-dev\npostgresql-common\n/bin/own\n/bin/own.distrib\n:\n"
            files.addPackage("postgresql-common", ["/usr/bin/pg_config"], written: 10)
            files.addPackage("libpq-dev", ["/usr/bin/pg_config", "/usr/bin/other"], written: 20)
            files.addPackage("tools", ["/usr/bin/own"], written: 30)
        }
        #expect(Self.time("/usr/bin/pg_config", table) == 10)
        #expect(Self.time("/usr/bin/pg_config.libpq-dev", table) == 20)
        // Diverted by the administrator: what is under the name is the administrator's.
        #expect(Self.time("/usr/bin/own", table) == nil && Self.time("/usr/bin/own.distrib", table) == 30)
    }

    @Test func `lists that somebody else can write are not believed`() throws {
        let table = try Self.table { files in
            files.addPackage("coreutils", ["/usr/bin/cat"], written: 10)
            files.foreign.append("/var/lib/dpkg/")
        }
        #expect(table.count == 0 && table.leftOut == 1 && !table.isOfNoDatabase)
        #expect(try Self.table { _ in }.isOfNoDatabase)
    }

    @Test func `a list that is too large is left out as a whole`() throws {
        let table = try Self.table { files in
            files.addPackage("coreutils", ["/usr/bin/cat"], written: 10)
            files.addPackage("large", [], written: 10)
            files.texts["/var/lib/dpkg/info/large.list"] = Array(
                repeating: UInt8(ascii: "/"), count: PackageLists.longestList)
        }
        #expect(Self.time("/usr/bin/cat", table) == 10 && table.count == 1 && table.leftOut == 1)
    }

    @Test func `a list that can't be read is counted, and the others are read`() throws {
        let table = try Self.table { files in
            files.addPackage("coreutils", ["/usr/bin/cat"], written: 10)
            files.links["/var/lib/dpkg/info/broken.list"] = "/nowhere"
        }
        #expect(Self.time("/usr/bin/cat", table) == 10 && table.leftOut == 1)
    }

    @Test func `lists are read again when the directory has changed, and not before`() throws {
        let files = ScriptedFiles()
        files.addPackage("coreutils", ["/usr/bin/cat"], written: 10)
        let first = PackageLists.look(PackageRequest(root: []), files: files)
        #expect(first.table?.count == 1)
        let reads = files.reads
        #expect(PackageLists.look(PackageRequest(root: [], known: first.stamp), files: files).table == nil)
        #expect(files.reads == reads)
        files.addPackage("procps", ["/usr/bin/ps"], written: 20)
        #expect(PackageLists.look(PackageRequest(root: [], known: first.stamp), files: files).table?.count == 2)
    }

    @Test func `text that is no list does no harm`() throws {
        let table = try Self.table { files in
            files.addPackage("odd", ["", "\0", "/", "//", "/a//", String(repeating: "/x", count: 5000)], written: 10)
            files["/var/lib/dpkg/diversions"] = "one\ntwo"
        }
        #expect(table.leftOut == 0)
    }
}
