#pragma once

/// Whether the kernel runs programs of the x32 ABI: 1, 0.
int shrike_has_x32(void);
