#!/usr/bin/env python3
"""Login shells as an SSH server starts them, without an attack: logins.py TIMES.

A daemon accepts a connection, a child serves it, and its child becomes the shell: over pipes, over a pair of sockets, over a
terminal's stand-in that has the connection's own number, and with the connection left open for the exec to close.
"""

import fcntl
import os
import socket
import sys

SHELL = "exec 3</etc/hostname 4>/dev/null; read x <&3; echo a | cat >/dev/null; (exit 0) 2>&1 | cat; x=$(echo b 2>/dev/null)"


def use(*descriptors):
    for number, descriptor in enumerate(descriptors): os.dup2(descriptor, number)


def session(kind, connection):
    if kind == 0:
        connection.close()
        given, taken = os.pipe(), os.pipe()
        use(given[0], taken[1], taken[1])
    elif kind == 1:
        connection.close()
        pair = socket.socketpair()[0]
        use(pair.fileno(), pair.fileno(), pair.fileno())
    elif kind == 2:
        connection.close()
        null = os.open("/dev/null", os.O_RDWR)
        use(null, null, null)
        os.close(null)
    else:
        fcntl.fcntl(connection.fileno(), fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        null = os.open("/dev/null", os.O_RDWR)
        use(null, null, null)
    os.execv("/bin/bash", ["-bash", "--norc", "--noprofile", "-c", SHELL])


def main():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    for index in range(int(sys.argv[1])):
        client = socket.create_connection(listener.getsockname())
        connection, _ = listener.accept()
        server = os.fork()
        if server == 0:
            listener.close()
            client.close()
            shell = os.fork()
            if shell == 0: session(index % 4, connection)
            os.waitpid(shell, 0)
            os._exit(0)
        connection.close()
        client.close()
        os.waitpid(server, 0)


main()
