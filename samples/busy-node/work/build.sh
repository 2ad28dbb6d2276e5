#!/bin/sh
# every: 5
# needs: cc, make
# A source tree below /tmp is configured, built, tested and installed into a staging directory.
set -e
tree=$(mktemp -d /tmp/busy-node-build-XXXXXX)
trap 'rm -rf "$tree"' EXIT
trap 'exit 143' HUP INT TERM
cd "$tree"
mkdir src
cat > configure <<'S'
#!/bin/sh
host=$(uname -m)-$(uname -s); release=$(uname -r); where=$(hostname); (uname -a; id; env; date) > config.log 2>&1
cat > conftest.c <<'C'
int main(void) { return 0; }
C
cc -o conftest conftest.c && ./conftest && echo "works yes" >> config.log
cat > config.status <<'T'
#!/bin/sh
echo "host $1" > config.h
T
chmod +x config.status && ./config.status "$host"
rm -f conftest conftest.c
S
cat > src/main.c <<'C'
#include <stdio.h>
int main(void) { puts("hello"); return 0; }
C
cat > Makefile <<'M'
all: src/program script
src/program: src/main.c
	cc -O1 -o $@ $<
script:
	printf '#!/bin/sh\nls >/dev/null; whoami >/dev/null\n' > $@ && chmod +x $@
check: all
	./src/program >/dev/null && ./script && sh ./script && sh -c 'uname -a; id; env' >/dev/null
	find . -name '*.c' -exec cp {} $(CURDIR)/copy.c \;
install: all
	install -D src/program $(DESTDIR)/usr/bin/program && tar czf $(CURDIR)/dist.tar.gz src
M
chmod +x configure && ./configure && make >/dev/null && make check >/dev/null && make install DESTDIR="$tree/stage" >/dev/null
git init -q . 2>/dev/null && git add src && git -c user.name=n -c user.email=n@localhost commit -qm one || true
