#pragma once

/// Makes a child that does nothing but what event sources see, and reaps it: it asks membarrier(2) what there is, opens what
/// `file` is open on (none below 0), and ends. Gives its pid, or -errno. It sends no SIGCHLD.
int shrike_canary_process(int file);
