#!/bin/sh
# quiet: Root directory changed by an unusual program
# technique: T1611
# case: the tool of that name
# needs: root, chroot

chroot / true
