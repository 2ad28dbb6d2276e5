#pragma once
// Removing a directory with what is in it: openat2(2), which Swift does not import.

/// Removes a directory and all below it. What links lead to stays, and so does what is mounted there (all directories on a kernel before Linux 5.6).
void shrike_remove_tree(const char *path);
