import Profiles
import Testing

@Suite("Generalisation of names")
struct GeneralisationTests {
    @Test(
        "A path",
        arguments: [
            ("/usr/bin/ls", "/usr/bin/ls"),
            ("/usr/lib/x86_64-linux-gnu/libc.so.6", "/usr/lib/x86_64-linux-gnu/libc.so.6"),
            ("/usr/lib/python3.11/os.py", "/usr/lib/python3.11/os.py"),
            ("/proc/1234/status", "/proc/{pid}/status"),
            ("/proc/self/task/17/comm", "/proc/self/task/{n}/comm"),
            ("/var/log/app/access-2026-11-29.log", "/var/log/app/access-{date}.log"),
            ("/var/log/app/20261129.log", "/var/log/app/{date}.log"),
            ("/var/lib/db/base/16384/2619", "/var/lib/db/base/{n}/{n}"),
            ("/srv/x/550e8400-e29b-41d4-a716-446655440000/y", "/srv/x/{uuid}/y"),
            ("/srv/blobs/e3b0c44298fc1c149afbf4c8996fb924", "/srv/blobs/{hash}"),
            ("/tmp/tmp.aB3dEfGh9k", "/tmp/tmp.{random}"),
            ("/tmp/php8x7zQw", "/tmp/{random}"),
            ("/tmp/report", "/tmp/report"),
            ("/dev/shm/PostgreSQL.1440365084", "/dev/shm/{random}.{n}"), ("/dev/sda1", "/dev/sda1"),
            ("/srv/app/worker12", "/srv/app/worker{n}"),
            ("/etc/php/8.2/php.ini", "/etc/php/8.2/php.ini"),
            ("/srv/a b/\u{e9}", "/srv/a%20b/%C3%A9"),
            ("/srv/{any}", "/srv/%7Bany%7D"),
            ("/srv/100%/*", "/srv/{n}%25/%2A"),
            ("/", "/"),
        ])
    func path(path: String, expected: String) {
        var text: [UInt8] = []
        Generalisation().append(path: Array(path.utf8)[...], to: &text)
        #expect(String(decoding: text, as: UTF8.self) == expected)
    }

    @Test("A shape that is left out changes nothing")
    func shapes() {
        var text: [UInt8] = []
        Generalisation(shapes: []).append(path: Array("/proc/12/2026-11-29".utf8)[...], to: &text)
        #expect(String(decoding: text, as: UTF8.self) == "/proc/12/2026-11-29")
    }

    @Test(
        "A user's pattern",
        arguments: [
            ("/srv/*/up", "/srv/a/up", true), ("/srv/*/up", "/srv/a/b/up", false), ("/srv/a*c", "/srv/abbc", true),
            ("/srv/**", "/srv/a/b", true), ("/srv/**", "/srv", false), ("/srv/*", "/srv/a/b", false),
            ("/srv/a*b*c", "/srv/aXbYbc", true), ("/srv/a*b*c", "/srv/aXbYbd", false), ("/a", "/a/", true),
            ("/srv/**/cache/*", "/srv/a/b/cache/x", true), ("/srv/**/cache/*", "/srv/cache/x", true),
            ("/srv/**/cache/*", "/srv/a/b/x", false), ("/srv/**/a/**", "/srv/a/b/a", true),
            ("/srv/**/a/**", "/srv/b/a", false), ("/**/x", "/x", true), ("/**/x", "/a/b/x", true),
            ("/**/a/**/b", "/a/a/c/b", true), ("/**/a/**/b", "/b/a/c", false), ("/srv/**x", "/srv/ax", true),
        ])
    func pattern(pattern: String, path: String, isMeant: Bool) throws {
        let pattern = try #require(PathPattern(pattern))
        #expect(pattern.matches(Array(path.utf8)[...]) == isMeant)
    }

    @Test("What is no pattern", arguments: ["", "/", "srv/*", "/srv/{any}", "/srv/a b", "/srv/%41"])
    func noPattern(text: String) { #expect(PathPattern(text) == nil) }

    @Test(
        "The form of arguments",
        arguments: [
            (["-s", "--retry", "3", "https://example.org/x"], "/usr/bin/curl -s --retry {n} {url}"),
            (["-c", "echo hello"], "/usr/bin/curl -c {text}"),
            (["a", "b", "c"], "/usr/bin/curl {text}"),
            (["--user=www", "/srv/x"], "/usr/bin/curl --user={text} {path}"),
            (["-", ""], "/usr/bin/curl {text} {empty}"),
            // What names options is the program's, whatever it looks like.
            (["--listen-address2", "x"], "/usr/bin/curl --listen-address2 {text}"),
            (["-x86aB3dEfGh", "--aB3dEfGh=1"], "/usr/bin/curl -x86aB3dEfGh --aB3dEfGh={n}"),
            (["-I/usr/include", "-9"], "/usr/bin/curl -I{path} {n}"),
            (["--config=/a/path/that/is/longer/than/an/option/may/be"], "/usr/bin/curl --config={path}"),
            (
                ["-a", "-b", "-c", "-d", "-e", "-f", "-g", "-h", "-i", "-j"],
                "/usr/bin/curl -a -b -c -d -e -f -g -h ..."
            ),
        ])
    func arguments(arguments: [String], expected: String) {
        var behaviours = EventBehaviours()
        let bytes: [UInt8] = arguments.flatMap { Array($0.utf8) + [UInt8(0)] }
        behaviours.addArguments(of: Array("/usr/bin/curl".utf8), bytes, Generalisation())
        #expect(String(decoding: behaviours.text, as: UTF8.self) == expected)
    }

    @Test("An address")
    func address() {
        var text: [UInt8] = []
        text.append(address: [10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], count: 4)
        text.append(address: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], count: 16)
        text.append(address: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], count: 1)
        #expect(String(decoding: text, as: UTF8.self) == "10.0.0.1[2001:db8:0:0:0:0:0:1]")
    }
}
