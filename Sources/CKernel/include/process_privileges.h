#pragma once
// prctl(2), which is variadic, and changes of ids that Swift does not import. All functions give -errno on failure.
#include <stdint.h>

/// No program that this process starts can gain privileges.
int shrike_no_new_privileges(void);
/// The kernel sends this signal when the thread that made this process ends; a change of ids forgets it.
int shrike_die_with_parent(int signal);
/// Neither core dumps nor ptrace by processes of the same user.
int shrike_forbid_dumps(void);
/// Takes a user's and a group's ids, all three of each, and no other groups.
int shrike_become(uint32_t user, uint32_t group);
