// Opens files in ways that hide a name, each after a mark that tells which is next. As root, in a mount namespace of its own;
// argument: an empty directory.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char names[16][256];
static int used;
static const char *directory;

/// A path in the directory.
static const char *in(const char *name) {
    char *path = names[used++ % 16];
    snprintf(path, sizeof names[0], "%s/%s", directory, name);
    return path;
}

static void mark(const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/mark/%s", name);
    syscall(SYS_faccessat, AT_FDCWD, path, F_OK);
}

/// Prints what the file is, for the test to compare with.
static void opened(const char *name, int file) {
    struct stat status;
    memset(&status, 0, sizeof status);
    if (file >= 0) fstat(file, &status);
    printf("%s %d %lu %u %u\n", name, file < 0 ? -errno : file, (unsigned long)status.st_ino,
        (unsigned)(status.st_dev >> 8 & 0xfff), (unsigned)((status.st_dev & 0xff) | (status.st_dev >> 12 & 0xfff00)));
    if (file >= 0) close(file);
}
#define CASE(name, expression)                                                                                                 \
    do {                                                                                                                       \
        mark(name);                                                                                                            \
        int opened_ = (int)(expression);                                                                                       \
        mark("end");                                                                                                           \
        opened(name, opened_);                                                                                                 \
    } while (0)

static int make(const char *path) {
    return open(path, O_CREAT | O_RDWR, 0600);
}

static int number;
static volatile int stop;
static void *exchange(void *other) {
    while (!stop) dup2(*(int *)other, number);
    return NULL;
}

int main(int count, char **arguments) {
    if (count < 2) return 2;
    directory = arguments[1];
    if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL)) return 1;
    mkdir(in("a"), 0700);
    mkdir(in("a/b"), 0700);
    mkdir(in("bind"), 0700);
    close(make(in("a/secret")));
    if (chown(in("a/secret"), 12, 4321)) return 1;
    symlink(in("a/secret"), in("symbolic"));
    link(in("a/secret"), in("hard"));

    CASE("plain", open(in("a/secret"), O_RDONLY));
    CASE("missing", open(in("a/missing"), O_RDONLY));
    CASE("symbolic", open(in("symbolic"), O_RDONLY));
    CASE("hard", open(in("hard"), O_RDONLY));
    CASE("dots", open(in("a/b/.././/b/../secret"), O_RDONLY));
    mount(in("a"), in("bind"), NULL, MS_BIND, NULL);
    CASE("bind", open(in("bind/secret"), O_RDONLY));
    int place = open(in("a"), O_RDONLY | O_DIRECTORY);
    CASE("directory", openat(place, "secret", O_RDONLY));
    chdir(in("a"));
    CASE("relative", open("secret", O_RDONLY));
    CASE("above", open("b/../../a/secret", O_RDONLY));
    struct open_how how = {.flags = O_RDONLY, .resolve = RESOLVE_IN_ROOT};
    CASE("inroot", syscall(SYS_openat2, place, "/b/../secret", &how, sizeof how));
    char path[300];
    snprintf(path, sizeof path, "/proc/self/fd/%d/secret", place);
    CASE("procfd", open(path, O_RDONLY));
    snprintf(path, sizeof path, "/proc/self/root%s", in("a/secret"));
    CASE("procroot", open(path, O_RDONLY));
    struct {
        struct file_handle handle;
        char bytes[128];
    } handle;
    handle.handle.handle_bytes = 128;
    int mount_id;
    if (!name_to_handle_at(AT_FDCWD, in("a/secret"), &handle.handle, &mount_id, 0))
        CASE("handle", open_by_handle_at(place, &handle.handle, O_RDONLY));
    int file = make(in("a/gone"));
    unlink(in("a/gone"));
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    CASE("unlinked", open(path, O_RDONLY));
    close(file);
    file = memfd_create("payload", 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    CASE("memory", open(path, O_RDONLY));
    close(file);
    CASE("temporary", open(in("a"), O_TMPFILE | O_RDWR, 0600));
    int ends[2];
    pipe(ends);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    CASE("pipe", open(path, O_RDONLY | O_NONBLOCK));

    mkdir(in("t"), 0700);
    mkdir(in("overlay"), 0700);
    mount("t", in("t"), "tmpfs", 0, "");
    mkdir(in("t/lower"), 0700);
    mkdir(in("t/upper"), 0700);
    mkdir(in("t/work"), 0700);
    close(make(in("t/lower/low")));
    snprintf(path, sizeof path, "lowerdir=%s,upperdir=%s,workdir=%s", in("t/lower"), in("t/upper"), in("t/work"));
    if (!mount("o", in("overlay"), "overlay", 0, path)) {
        CASE("lower", open(in("overlay/low"), O_RDONLY));
        CASE("upper", make(in("overlay/new")));
        CASE("copiedup", open(in("overlay/low"), O_RDWR));
        umount2(in("overlay"), MNT_DETACH);
    }
    int inside = open(in("t"), O_RDONLY | O_DIRECTORY);
    umount2(in("t"), MNT_DETACH);
    CASE("detached", openat(inside, "lower/low", O_RDONLY));
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, in("a"), 1 | O_CLOEXEC); // OPEN_TREE_CLONE
    CASE("clonedtree", openat(tree, "secret", O_RDONLY));

    fflush(stdout);
    if (!fork()) {
        chroot(in("a"));
        chdir("/");
        CASE("chroot", open("/secret", O_RDONLY));
        CASE("chrootrelative", open("b/../secret", O_RDONLY));
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
    if (!fork()) {
        unshare(CLONE_NEWNS);
        mount(in("a"), in("a"), NULL, MS_BIND, NULL);
        chdir(in("a"));
        if (!syscall(SYS_pivot_root, ".", ".")) {
            umount2(".", MNT_DETACH);
            chdir("/");
            CASE("pivot", open("/secret", O_RDONLY));
        }
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);

    chdir(in("a/b"));
    char name[64];
    memset(name, 'n', 60);
    name[60] = 0;
    for (int depth = 0; depth < 100; depth++) {
        mkdir(name, 0700);
        if (chdir(name)) break;
    }
    CASE("long", make("f"));
    chdir(in(""));
    for (int depth = 0; depth < 600; depth++) {
        mkdir("d", 0700);
        if (chdir("d")) break;
    }
    CASE("deep", make("f"));
    chdir("/");

#ifdef __x86_64__
    // int $0x80: open is 5; the name must lie below 4 GiB.
    char *low = mmap(
        (void *)0x10000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    strcpy(low, in("symbolic"));
    mark("compat");
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(5), "b"(low), "c"(0), "d"(0) : "memory", "r8", "r9", "r10", "r11");
    mark("end");
    opened("compat", (int)result);
#endif

    // Another thread puts another file at the number between the call's work and its end.
    int other = open("/dev/null", O_RDONLY);
    number = open("/dev/null", O_RDONLY);
    close(number);
    pthread_t thread;
    pthread_create(&thread, NULL, exchange, &other);
    mark("race");
    for (int round = 0; round < 20000; round++) close(open(in("a/secret"), O_RDONLY));
    mark("end");
    stop = 1;
    pthread_join(thread, NULL);
    printf("race 0 0 0 0\n");
    return 0;
}
