import Profiles
import Testing

@Suite("Identity of a workload")
struct WorkloadIdentityTests {
    @Test(
        "The text of an identity means it",
        arguments: [
            ("k8s/shop/web/nginx", WorkloadIdentity.kubernetes(namespace: "shop", owner: "web", container: "nginx")),
            ("container/db/docker.io/library/postgres", .container(name: "db", image: "docker.io/library/postgres")),
            ("unit/nginx.service", .unit("nginx.service")),
            ("program/33/usr/sbin/cron", .program(uid: 33, path: "/usr/sbin/cron")),
        ])
    func text(text: String, identity: WorkloadIdentity) {
        #expect(identity.text == text)
        #expect(WorkloadIdentity(text: text) == identity)
    }

    @Test(
        "What names no workload",
        arguments: [
            "", "k8s", "k8s/a/b", "k8s/a/b/", "k8s/a/b/c/d", "unit/", "unit/a/b", "program/x/usr", "program/01/usr",
            "program/1", "pod/a", "unit/a b", String(repeating: "unit/a", count: 40),
        ])
    func nothing(text: String) { #expect(WorkloadIdentity(text: text) == nil) }

    @Test("Names of files keep identities apart")
    func fileNames() {
        let names = ["unit/a=b", "unit/a.service", "k8s/a/b/c", "container/a/b/c", "container/a/b%3Dc"].map {
            WorkloadIdentity(text: $0)?.fileName ?? ""
        }
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { !$0.isEmpty && !$0.contains("/") })
        #expect(names[2] == "k8s=a=b=c")
        #expect(WorkloadIdentity.unit(String(repeating: "+", count: 150)).fileName == nil)
    }

    @Test(
        "The owner of a pod",
        arguments: [
            ("web-6d4b75cb6d-x8k2p", ["pod-template-hash": "6d4b75cb6d"], "web"),
            ("agent-7kx2p", ["controller-revision-hash": "5c9"], "agent"),
            ("db-0", ["statefulset.kubernetes.io/pod-name": "db-0"], "db"),
            ("sync-28390210-abcde", ["job-name": "sync-28390210"], "sync"),
            ("migrate-abcde", ["batch.kubernetes.io/job-name": "migrate"], "migrate"),
            ("lonely", [:], "lonely"),
            ("web-6d4b75cb6d-x8k2p", [:], "web"),
            ("kube-proxy-x8k2p", [:], "kube-proxy"),
            ("db-0", [:], "db"),
            ("sync-28390210-x8k2p", [:], "sync"),
            ("my-alone", [:], "my-alone"),
        ])
    func owner(pod: String, labels: [String: String], owner: String) {
        #expect(WorkloadIdentity.owner(ofPod: pod) { labels[$0] } == owner)
    }
}
