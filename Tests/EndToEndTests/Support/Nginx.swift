import Foundation

/// nginx as a TLS receiver that asks for client certificates and hands requests on to a `Receiver`.
final class Nginx {
    let port: Int
    private let directory: String
    private let program: BackgroundProgram

    /// Certificates in a directory: an authority with a server and the client `node-1`, and one that nobody trusts with
    /// the client `stranger`.
    static func makeCertificates(_ directory: String) throws {
        let made = try Command.shell(
            """
            set -e; cd \(directory)
            sign() {
                openssl req -newkey rsa:2048 -nodes -keyout $2.key -out $2.csr -subj /CN=$2
                printf 'subjectAltName=IP:127.0.0.1' > $2.ext
                openssl x509 -req -in $2.csr -CA $1.crt -CAkey $1.key -CAcreateserial -out $2.crt -days 2 -extfile $2.ext
            }
            for ca in ca other-ca; do
                openssl req -x509 -newkey rsa:2048 -nodes -keyout $ca.key -out $ca.crt -subj /CN=$ca -days 2
            done
            sign ca server; sign ca node-1; sign other-ca stranger
            """)
        guard made.status == 0 else { throw EndToEndError("openssl: \(made.output)") }
    }

    init(_ directory: String, upstream: Receiver) throws {
        self.directory = directory
        port = try Port.free()
        try """
        daemon off;
        master_process off;
        pid \(directory)/nginx.pid;
        error_log stderr;
        events {}
        http {
            log_format facts '$server_protocol|$ssl_client_verify|$ssl_client_s_dn|$connection|$status';
            access_log \(directory)/access.log facts;
            client_body_temp_path \(directory)/body;
            proxy_temp_path \(directory)/proxy;
            fastcgi_temp_path \(directory)/fastcgi;
            uwsgi_temp_path \(directory)/uwsgi;
            scgi_temp_path \(directory)/scgi;
            server {
                listen 127.0.0.1:\(port) ssl http2;
                ssl_certificate \(directory)/server.crt;
                ssl_certificate_key \(directory)/server.key;
                ssl_client_certificate \(directory)/ca.crt;
                ssl_verify_client on;
                location / {
                    proxy_pass http://127.0.0.1:\(upstream.port);
                    proxy_http_version 1.1;
                }
            }
        }
        """.write(toFile: "\(directory)/nginx.conf", atomically: false, encoding: .utf8)
        program = try BackgroundProgram(
            ["/usr/sbin/nginx", "-p", directory, "-c", "\(directory)/nginx.conf", "-e", "stderr"],
            log: "\(directory)/nginx.log", port: port)
    }

    /// What it logged of each request: protocol, verdict on the client's certificate, its subject, connection, status.
    var requests: [[String]] {
        let text = (try? String(contentsOfFile: "\(directory)/access.log", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
    }
}
