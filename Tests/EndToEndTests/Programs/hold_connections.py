"""Makes argv[1] connections to itself on the loopback interface, says how many there are, and holds them until its input ends."""
import resource
import socket
import sys

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
server = socket.create_server(("127.0.0.1", 0), backlog=4096)
held = []
for _ in range(int(sys.argv[1])):
    client = socket.create_connection(server.getsockname())
    # Reset at the end: nothing is left in TIME_WAIT.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    held += [client, server.accept()[0]]
print(len(held) // 2, flush=True)
sys.stdin.read()
