#pragma once
// getaddrinfo_a(3): its declarations need _GNU_SOURCE, which Swift's Glibc does not set.

typedef struct shrike_name_lookup shrike_name_lookup;

/// Begins to look a host's addresses up, for datagrams to a port, without waiting; NULL without memory or a thread.
shrike_name_lookup *shrike_name_lookup_start(const char *host, int port);
/// 1 while it runs, 0 when there are addresses, else the code for gai_strerror(3), which is below 0.
int shrike_name_lookup_state(const shrike_name_lookup *lookup);
/// A non-blocking datagram socket that is connected to the first address there is a way to; -errno on failure. The first
/// `skipped` addresses come last.
int shrike_name_lookup_connect(const shrike_name_lookup *lookup, unsigned skipped);
void shrike_name_lookup_free(shrike_name_lookup *lookup);
