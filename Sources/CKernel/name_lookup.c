#define _GNU_SOURCE
#include "name_lookup.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct shrike_name_lookup {
    char *host;
    char service[8];
    struct addrinfo hints;
    struct gaicb request;
};

shrike_name_lookup *shrike_name_lookup_start(const char *host, int port) {
    shrike_name_lookup *lookup = calloc(1, sizeof *lookup);
    if (lookup == NULL) return NULL;
    lookup->host = strdup(host);
    snprintf(lookup->service, sizeof lookup->service, "%d", port & 0xffff);
    lookup->hints.ai_socktype = SOCK_DGRAM;
    lookup->hints.ai_flags = AI_NUMERICSERV;
    lookup->request.ar_name = lookup->host;
    lookup->request.ar_service = lookup->service;
    lookup->request.ar_request = &lookup->hints;
    struct gaicb *requests[] = {&lookup->request};
    if (lookup->host == NULL || getaddrinfo_a(GAI_NOWAIT, requests, 1, NULL) != 0) {
        free(lookup->host);
        free(lookup);
        return NULL;
    }
    return lookup;
}

int shrike_name_lookup_state(const shrike_name_lookup *lookup) {
    int state = gai_error((struct gaicb *)&lookup->request);
    return state == EAI_INPROGRESS ? 1 : state;
}

static int connect_to(const struct addrinfo *address) {
    int descriptor = socket(address->ai_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -errno;
    if (connect(descriptor, address->ai_addr, address->ai_addrlen) == 0) return descriptor;
    int error = errno;
    close(descriptor);
    return -error;
}

int shrike_name_lookup_connect(const shrike_name_lookup *lookup, unsigned skipped) {
    unsigned count = 0;
    for (const struct addrinfo *found = lookup->request.ar_result; found != NULL; found = found->ai_next) count++;
    int result = -EADDRNOTAVAIL;
    for (unsigned attempt = 0; attempt < count; attempt++) {
        const struct addrinfo *address = lookup->request.ar_result;
        for (unsigned index = (skipped + attempt) % count; index > 0; index--) address = address->ai_next;
        result = connect_to(address);
        if (result >= 0) return result;
    }
    return result;
}

void shrike_name_lookup_free(shrike_name_lookup *lookup) {
    if (shrike_name_lookup_state(lookup) == 1) {
        // The resolver's thread writes to it: better a few bytes lost than memory that is used twice.
        if (gai_cancel(&lookup->request) == EAI_NOTCANCELED) return;
    }
    if (lookup->request.ar_result != NULL) freeaddrinfo(lookup->request.ar_result);
    free(lookup->host);
    free(lookup);
}
