// Connects, accepts, binds and sends in the ways that show what the socket says beside what was passed. Argument: a directory.
// Prints the ports that it used.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static void mark(const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/mark/%s", name);
    syscall(SYS_faccessat, AT_FDCWD, path, F_OK);
}

static struct sockaddr_in inet(const char *address, int port) {
    struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &result.sin_addr);
    return result;
}

static struct sockaddr_in6 inet6(const char *address, int port) {
    struct sockaddr_in6 result = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    inet_pton(AF_INET6, address, &result.sin6_addr);
    return result;
}

static int port_of(int socket) {
    struct sockaddr_in6 own;
    socklen_t length = sizeof own;
    getsockname(socket, (struct sockaddr *)&own, &length);
    return ntohs(own.sin6_port);
}

#define TO(address) (struct sockaddr *)&(address), sizeof(address)

int main(int count, char **arguments) {
    if (count < 2) return 2;
    int listener = socket(AF_INET, SOCK_STREAM, 0), listener6 = socket(AF_INET6, SOCK_STREAM, 0);
    struct sockaddr_in any = inet("127.0.0.1", 0);
    struct sockaddr_in6 any6 = inet6("::1", 0);
    mark("bind");
    bind(listener, TO(any));
    mark("listen");
    listen(listener, 5);
    mark("end");
    bind(listener6, TO(any6));
    listen(listener6, 5);
    int port = port_of(listener), port6 = port_of(listener6);

    struct sockaddr_in to = inet("127.0.0.1", port);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    mark("tcp");
    connect(client, TO(to));
    mark("accept");
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    close(accept(listener, (struct sockaddr *)&peer, &length));
    mark("acceptblind");
    int second = socket(AF_INET, SOCK_STREAM, 0);
    mark("end");
    connect(second, TO(to));
    mark("acceptblind");
    close(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
    mark("end");

    to = inet("127.0.0.1", 1);
    mark("refused");
    connect(socket(AF_INET, SOCK_STREAM, 0), TO(to));
    to = inet("0.0.0.0", port);
    mark("zero");
    connect(socket(AF_INET, SOCK_STREAM, 0), TO(to));
    struct sockaddr_in6 to6 = inet6("::1", port6);
    mark("tcp6");
    connect(socket(AF_INET6, SOCK_STREAM, 0), TO(to6));
    to6 = inet6("::ffff:127.0.0.1", port);
    mark("mapped");
    connect(socket(AF_INET6, SOCK_STREAM, 0), TO(to6));
    to = inet("127.0.0.1", 53);
    int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
    mark("sendto");
    sendto(datagrams, "x", 1, 0, TO(to));
    struct iovec data = {"x", 1};
    struct msghdr message = {.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &data, .msg_iovlen = 1};
    mark("sendmsg");
    sendmsg(datagrams, &message, 0);
    mark("udp");
    connect(datagrams, TO(to));
    mark("end");

    struct sockaddr_un local = {.sun_family = AF_UNIX};
    int unixes = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(local.sun_path, sizeof local.sun_path, "%s/socket", arguments[1]);
    bind(unixes, TO(local));
    listen(unixes, 5);
    char link[128];
    snprintf(link, sizeof link, "%s/link", arguments[1]);
    symlink(local.sun_path, link);
    strcpy(local.sun_path, link);
    mark("unix");
    connect(socket(AF_UNIX, SOCK_STREAM, 0), TO(local));
    mark("end");
    struct sockaddr_un abstract = {.sun_family = AF_UNIX};
    int hidden = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(abstract.sun_path + 1, "shrike-bpf-test");
    socklen_t size = sizeof(sa_family_t) + 1 + strlen("shrike-bpf-test");
    bind(hidden, (struct sockaddr *)&abstract, size);
    listen(hidden, 5);
    mark("abstract");
    connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&abstract, size);
    mark("end");
    int pair[2];
    mark("pair");
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    mark("end");
    printf("%d %d\n", port, port6);
    return 0;
}
