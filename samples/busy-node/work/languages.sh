#!/bin/sh
# every: 15
# needs: python3, perl
# Programs of scripting languages: a virtual environment, a test run, one-liners that count.
set -e
python3 -c 'print(sum(range(10)))' >/dev/null
perl -ne 'print if /root/' /etc/passwd >/dev/null
python3 -m venv --without-pip environment >/dev/null 2>&1 || exit 0
printf 'import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(1, 1)\n' > test_one.py
environment/bin/python -m unittest -q test_one 2>/dev/null
