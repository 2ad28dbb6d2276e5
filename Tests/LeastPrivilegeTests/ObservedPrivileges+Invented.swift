import LeastPrivilege
import Profiles

extension ObservedPrivileges {
    static let sight = Sight(count: 12, firstSeen: 1_795_000_000, lastSeen: 1_795_900_000)

    /// A web server that somebody watched for ten days.
    static func invented(
        _ workload: WorkloadIdentity = .kubernetes(namespace: "shop", owner: "web", container: "nginx")
    ) -> ObservedPrivileges {
        var observed = ObservedPrivileges(workload)
        observed.image = "registry.example/web:1.2"
        observed.since = 1_795_000_000
        observed.until = 1_795_900_000
        observed.calls = ["accept4", "epoll_wait", "openat", "read", "write"].map { Item($0, sight) }
        observed.capabilities = [Item("CAP_NET_BIND_SERVICE", sight)]
        observed.programs = [Program("/usr/sbin/nginx", sight), Program("/opt/it's here/run", sight)]
        observed.files = [
            File(.read, "/etc/nginx/**"), File(.write, "/var/log/nginx/access.log"),
            File(.write, "/var/cache/nginx/*/*"),
            File(.execute, "/usr/lib/nginx/modules/*.so"),
        ]
        observed.ports = [Port(.tcp, 80)]
        observed.destinations = [
            (Transport.tcp, "10.0.3.4", 5432), (.udp, "10.96.0.10", 53), (.tcp, "192.0.2.0/24", 443),
            (.tcp, "127.0.0.1", 6379), (.tcp, "0:0:0:0:0:0:0:1", 6379),
        ].compactMap { transport, address, port in
            NetworkAddress(address).map { Destination(transport, $0, port) }
        }
        observed.users = [33]
        return observed
    }

    static let workloads: [WorkloadIdentity] = [
        .kubernetes(namespace: "shop", owner: "web", container: "nginx"),
        .container(name: "web-1", image: "docker.io/library/nginx"), .container(name: "web", image: ""),
        .unit("nginx@1.service"), .program(uid: 0, path: "/usr/sbin/cron"),
        .program(uid: 1000, path: "/opt/my app/run"),
    ]
}
