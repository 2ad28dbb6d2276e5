// count OBJECT GROUP: attaches the counting program, says "ready", and at the end of its input prints `ABI NUMBER COUNT` a line.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char **words) {
    if (count < 3) return 2;
    struct bpf_object *object = bpf_object__open_file(words[1], NULL);
    if (!object) return 3;
    struct bpf_map *constants = bpf_object__find_map_by_name(object, ".rodata");
    unsigned long long group = strtoull(words[2], NULL, 10);
    if (bpf_map__set_initial_value(constants, &group, sizeof group)) return 4;
    if (bpf_object__load(object)) return 5;
    if (!bpf_program__attach(bpf_object__find_program_by_name(object, "count"))) return 6;
    printf("ready\n");
    fflush(stdout);
    char byte;
    while (read(0, &byte, 1) > 0) {}
    int map = bpf_object__find_map_fd_by_name(object, "counts");
    for (unsigned index = 0; index < 2048; index++) {
        unsigned long long value = 0;
        if (bpf_map_lookup_elem(map, &index, &value) == 0 && value > 0)
            printf("%u %u %llu\n", index / 1024, index % 1024, value);
    }
    return 0;
}
