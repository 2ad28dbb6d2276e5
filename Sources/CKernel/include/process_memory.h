#pragma once

/// Gives what is free inside the C library's heap back to the kernel (malloc_trim(3), whose header Swift does not import).
void shrike_trim_heap(void);
