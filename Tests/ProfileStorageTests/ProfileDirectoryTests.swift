import Foundation
import KernelInterface
import Profiles
import Testing

@testable import ProfileStorage

@Suite("Directory of profiles")
struct ProfileDirectoryTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "shrike-profiles-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func profile(_ name: String, isFrozen: Bool = false) -> Profile {
        var profile = Profile(identity: .unit(name))
        profile.isFrozen = isFrozen
        return profile
    }

    @Test("What is written is there, alone, and nobody else can read it")
    func write() throws {
        try withDirectory { path in
            let directory = ProfileDirectory(path: path)
            #expect(try directory.names().isEmpty)
            let mark = try directory.write(profile("a.service"))
            try directory.write(profile("b.service"))
            #expect(try directory.names().map(\.name) == ["unit=a.service", "unit=b.service"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: path).count == 2)
            let found = try #require(directory.read(.unit("a.service")))
            #expect(found.mark == mark)
            #expect(try found.result.get().identity == .unit("a.service"))
            let mode = try FileManager.default.attributesOfItem(atPath: "\(path)/unit=a.service.yaml")[
                .posixPermissions]
            #expect(mode as? Int == 0o600)
            try directory.remove(.unit("a.service"))
            #expect(try directory.names().map(\.name) == ["unit=b.service"])
        }
    }

    @Test("A file that is left half written does no harm")
    func crash() throws {
        try withDirectory { path in
            let directory = ProfileDirectory(path: path)
            try directory.write(profile("a.service"))
            try "half".write(toFile: "\(path)/unit=a.service.yaml.new", atomically: false, encoding: .utf8)
            #expect(try directory.readAll().count == 1)
            try directory.write(profile("a.service"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["unit=a.service.yaml"])
        }
    }

    @Test("What is refused says where and why")
    func refused() throws {
        try withDirectory { path in
            let directory = ProfileDirectory(path: path)
            try directory.write(profile("a.service"))
            func reason(_ name: String) throws -> String {
                let found = try #require(directory.read(name))
                guard case .failure(let refusal) = found.result else { return "taken" }
                return refusal.description
            }
            let file = "\(path)/unit=a.service.yaml"
            try FileManager.default.copyItem(atPath: file, toPath: "\(path)/unit=b.service.yaml")
            #expect(
                try reason("unit=b.service").contains(
                    "the profile is of unit/a.service, expected in unit=a.service.yaml"))
            chmod(file, 0o666)
            #expect(try reason("unit=a.service").contains("chmod go-w"))
            chmod(file, 0o600)
            try "shrike_profile: 7\n".write(toFile: file, atomically: false, encoding: .utf8)
            #expect(try reason("unit=a.service").hasPrefix("\(file):1:17: the profile is of version 7"))
            try FileManager.default.removeItem(atPath: file)
            symlink("/etc/passwd", file)
            #expect(try reason("unit=a.service").contains("open("))
        }
    }

    @Test("With a key a frozen profile must be signed by it")
    func signatures() throws {
        try withDirectory { path in
            let key = try #require(SigningKey())
            let other = try #require(SigningKey())
            #expect(SigningKey(text: Array(key.text.utf8))?.publicKey == key.publicKey)
            #expect(PublicKey(text: Array(key.publicKey.text.utf8)) == key.publicKey)
            let directory = ProfileDirectory(path: path, key: key.publicKey)
            try directory.write(profile("a.service"))
            #expect((try? directory.read(.unit("a.service"))?.result.get()) != nil)
            try directory.write(profile("a.service", isFrozen: true))
            func isTaken() -> Bool { (try? directory.read(.unit("a.service"))?.result.get()) != nil }
            #expect(!isTaken())
            let file = try directory.file(of: .unit("a.service"))
            func sign(_ key: SigningKey) throws {
                let bytes = Array(try Data(contentsOf: URL(filePath: file)))
                let signature = try #require(ProfileSignature.make(of: bytes, by: key))
                try DurableFile.write(Array(signature.text.utf8), to: file + ".sig")
            }
            try sign(other)
            #expect(!isTaken())
            try sign(key)
            #expect(isTaken())
            var changed = Array(try Data(contentsOf: URL(filePath: file)))
            changed[3] ^= 1
            try DurableFile.write(changed, to: file)
            #expect(!isTaken())
        }
    }

    @Test(
        "What is no key", arguments: ["", "00", String(repeating: "g", count: 64), String(repeating: "0", count: 66)])
    func noKey(text: String) {
        #expect(PublicKey(text: Array(text.utf8)) == nil)
        #expect(SigningKey(text: Array(text.utf8)) == nil)
    }

    /// RFC 8032, 7.1, test 2.
    @Test("Signatures are Ed25519's")
    func vector() throws {
        let secret =
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
            + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
        let key = try #require(SigningKey(text: Array(secret.utf8)))
        let signature = try #require(ProfileSignature.make(of: [0x72], by: key))
        #expect(
            signature.text
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00\n")
        #expect(signature.isValid(for: [0x72], by: key.publicKey))
        #expect(!signature.isValid(for: [0x73], by: key.publicKey))
    }
}
