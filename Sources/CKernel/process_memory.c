#define _GNU_SOURCE 1
#include "process_memory.h"

#include <malloc.h>

void shrike_trim_heap(void) { malloc_trim(0); }
