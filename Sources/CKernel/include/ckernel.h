#pragma once
// Shims over kernel interfaces that Swift can't import: macros, variadics, unions. One header per interface, none of
// which includes a system header with types: those belong to the Glibc module.
