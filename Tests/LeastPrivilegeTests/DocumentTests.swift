import CommandOutput
import KernelInterface
import LeastPrivilege
import Profiles
import RuleEngine
import TestSupport
import Testing
import YAMLTree

@Suite("Documents of least privilege")
struct DocumentTests {
    @Test("Rules load as they are", arguments: ObservedPrivileges.workloads)
    func rules(workload: WorkloadIdentity) throws {
        let text = try WorkloadRules(.invented(workload)).yaml
        let rules = try TestRules.load(text)
        #expect(rules.rules.count == 5)
    }

    @Test("Of a workload that was seen to do nothing, rules forbid what is settled")
    func empty() throws {
        var observed = ObservedPrivileges(.unit("a.service"))
        #expect(try TestRules.load(try WorkloadRules(observed).yaml).rules.count == 2)
        observed.unsettled = ["listen", "connect"]
        #expect(try !WorkloadRules(observed).yaml.contains("rule:"))
    }

    @Test("A pod's manifest says what was seen, and nothing more")
    func pod() throws {
        let security = PodSecurity(.invented())
        let documents = try YAMLDocument.parse(text: security.yaml)
        let context = try #require(documents.first)
        #expect(context["allowPrivilegeEscalation"]?.bool == false)
        #expect(context["readOnlyRootFilesystem"]?.bool == false)
        #expect(context["runAsUser"]?.text == "33")
        #expect(context["capabilities"]?["drop"]?.elements?.map(\.text) == ["ALL"])
        #expect(context["capabilities"]?["add"]?.elements?.map(\.text) == ["NET_BIND_SERVICE"])
        #expect(
            context["seccompProfile"]?["localhostProfile"]?.text
                == "profiles/\(ObservedPrivileges.invented().workload.label).json")
        #expect(security.writtenDirectories == ["/var/cache/nginx", "/var/log/nginx"])
        let spec = try #require(documents.last?["spec"])
        #expect(spec["ingress"]?.elements?.first?["ports"]?.elements?.first?["port"]?.text == "80")
        let blocks = spec["egress"]?.elements?.compactMap { $0["to"]?.elements?.first?["ipBlock"]?["cidr"]?.text }
        #expect(blocks == ["10.0.3.4/32", "10.96.0.10/32", "192.0.2.0/24"])
    }

    @Test("A workload without network gets a policy that lets nothing through")
    func isolated() throws {
        let documents = try YAMLDocument.parse(text: PodSecurity(ObservedPrivileges(.unit("a.service"))).yaml)
        let spec = try #require(documents.last?["spec"])
        #expect(spec["ingress"]?.elements?.isEmpty == true && spec["egress"]?.elements?.isEmpty == true)
    }

    @Test("Ports are those that a NetworkPolicy can have; that others were chosen is said")
    func ports() throws {
        var observed = ObservedPrivileges(.kubernetes(namespace: "shop", owner: "web", container: "dns"))
        observed.ports = [.init(.udp, 53), .init(.tcp, 53), .init(.tcp, 53)]
        observed.hasChosenPorts = true
        let security = PodSecurity(observed)
        let spec = try #require(YAMLDocument.parse(text: security.yaml).last?["spec"])
        let ports = spec["ingress"]?.elements?.first?["ports"]?.elements?.map {
            "\($0["protocol"]?.text ?? "") \($0["port"]?.text ?? "")"
        }
        #expect(ports == ["TCP 53", "UDP 53"])
        #expect(security.remarks.count == 1)
    }

    @Test("An AppArmor profile has each file with its rights once")
    func appArmor() throws {
        let profile = try AppArmorProfile(.invented())
        let text = profile.text
        #expect(text.contains("profile \(profile.name) flags=("))
        #expect(profile.name.hasPrefix("shrike-shop-web-nginx-"))
        #expect(text.contains("  capability net_bind_service,\n"))
        #expect(text.contains("  /etc/nginx/** r,\n"))
        #expect(text.contains("  /var/cache/nginx/*/* w,\n"))
        #expect(text.contains("  /usr/sbin/nginx rmix,\n"))
        #expect(text.contains("  \"/opt/it's here/run\" rmix,\n"))
        #expect(text.contains("  network inet dgram,\n"))
        #expect(profile.remarks.isEmpty)
        let program = try AppArmorProfile(.invented(.program(uid: 0, path: "/usr/sbin/cr%20on")))
        #expect(program.text.contains("profile \(program.name) \"/usr/sbin/cr on\" {"))
    }

    @Test(
        "What stands for many files does so in each format, and a name's own signs don't",
        arguments: [
            ("/srv/{any}", "/srv/**", "/srv/*"), ("/srv/{any}.dat", "/srv/**.dat", "/srv/*.dat"),
            ("/srv/**/x", "/srv/**/x", "/srv/*/x"), ("/srv/a**b", "/srv/a*b", "/srv/a*b"),
            ("/srv/{n}/%2A", #""/srv/*/\*""#, #"/srv/*/\\*"#), ("/srv/{n}%5B", #""/srv/*\[""#, #"/srv/*\\["#),
        ])
    func globs(profiled: String, appArmor: String, falco: String) throws {
        var observed = ObservedPrivileges(.unit("a.service"))
        observed.files = [.init(.write, PathGlob(profiled: profiled))]
        #expect(try AppArmorProfile(observed).text.contains("  \(appArmor) w,\n"))
        let rules = try YAMLDocument.parse(text: WorkloadRules(observed).yaml).first?.elements ?? []
        let conditions = rules.compactMap { $0["condition"]?.text }.joined(separator: "\n")
        #expect(conditions.contains("fd.name glob '\(falco)'") || conditions.contains("fd.name startswith /srv/"))
    }

    @Test("Workloads of one name have documents of different names")
    func labels() {
        let workloads: [WorkloadIdentity] = [
            .kubernetes(namespace: "a-b", owner: "c", container: "d"),
            .kubernetes(namespace: "a", owner: "b-c", container: "d"), .program(uid: 0, path: "/usr/bin/run"),
            .program(uid: 0, path: "/opt/run"), .program(uid: 7, path: "/opt/run"), .unit("run"),
            .container(name: "run", image: "a"), .container(name: "run", image: "b"),
        ]
        #expect(Set(workloads.map(\.label)).count == workloads.count)
        #expect(Set(workloads.map { PodSecurity(ObservedPrivileges($0)).seccompFile }).count == workloads.count)
    }

    @Test("Capabilities: what was used, what is held and was not")
    func capabilities() {
        let held = CapabilitySet(bit: 10).union(.sysAdmin)
        let advice = CapabilityAdvice(.invented(), held: held)
        #expect(advice.unused == ["CAP_SYS_ADMIN"])
        #expect(advice.tree.yaml == "capabilities:\n  drop:\n    - ALL\n  add:\n    - NET_BIND_SERVICE\n")
        #expect(advice.unitLines.first == "CapabilityBoundingSet=CAP_NET_BIND_SERVICE")
        #expect(CapabilityAdvice(.invented()).unused == nil)
    }
}
