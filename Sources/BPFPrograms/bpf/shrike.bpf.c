/* All programs are one object: most of what loading costs is reading the kernel's types. */
#include "calls.h"
#include "capabilities.h"
#include "operations.h"
#include "processes.h"

char LICENSE[] SEC("license") = "GPL";
