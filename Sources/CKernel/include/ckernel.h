#pragma once
// Header-only shims over kernel interfaces that Swift can't import: macros, variadics, unions.
#define _GNU_SOURCE 1
#include <fcntl.h>
#include <sys/signalfd.h>
#include <string.h>
#include <unistd.h>
