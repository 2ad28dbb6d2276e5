#pragma once
// Starting a program with exactly the descriptors it is to have: calls that Swift does not import. All functions give
// -errno on failure.

/// pipe2(2): close-on-exec, numbers from 64, so that `shrike_spawn` never overwrites one that it is still to give.
int shrike_pipe(int ends[2]);
/// A file without a name (memfd_create(2)), close-on-exec, its number from 64.
int shrike_memory_file(const char *name);
/// Gives the calling thread, and for the first one the process, a name of up to 15 bytes (PR_SET_NAME).
void shrike_name_thread(const char *name);
/// Opens a program to be started and for nothing else (O_PATH), close-on-exec, its number from 64.
int shrike_open_program(const char *path);
/// Starts the program at `path`. `descriptors[i]` becomes 3 + i there; standard input is empty, standard output and error
/// are ours, everything else is closed. No signal is blocked. Gives the process id.
int shrike_spawn(const char *path, char *const arguments[], const int *descriptors, int count);
/// Starts the program at `path` in a session of its own (setsid(2)). `streams` become descriptors 0 to 2, -1 stands for
/// /dev/null; everything else is closed. `directory` is where it runs, NULL: here. No signal is blocked or ignored. Gives
/// the process id.
int shrike_start(const char *path, char *const arguments[], char *const environment[], const char *directory,
                 const int streams[3]);
/// Makes this process the parent of what its descendants leave behind (PR_SET_CHILD_SUBREAPER).
int shrike_adopt_orphans(void);
