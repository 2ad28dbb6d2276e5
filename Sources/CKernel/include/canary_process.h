#pragma once

/// Makes a child that does nothing but what event sources see, and reaps it: it asks membarrier(2) what there is, opens what
/// each of `files` is open on (at most 4), and ends. Gives its pid, or -errno. It sends no SIGCHLD.
int shrike_canary_process(const int *files, int count);
