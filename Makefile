# make && sudo make install; see docs/deployment.md. DESTDIR and PREFIX are honoured, as packagers expect.

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
SWIFT ?= swift
SWIFTFLAGS ?= -c release --static-swift-stdlib
# The program to install, with shrike-forward beside it; set it to install one that is already built.
BINARY ?= $(shell SWIFT="$(SWIFT)" SWIFTFLAGS="$(SWIFTFLAGS)" scripts/build --show-path)
# Where what is made from the program goes until it is installed.
GENERATED ?= .build/generated

bin = $(DESTDIR)$(PREFIX)/bin
libexec = $(DESTDIR)$(PREFIX)/libexec/shrike
share = $(DESTDIR)$(PREFIX)/share
lib = $(DESTDIR)$(PREFIX)/lib
etc = $(DESTDIR)$(SYSCONFDIR)
doc = $(share)/doc/shrike

.PHONY: all build generate install uninstall deb image test clean

all: build generate

build:
	SWIFT="$(SWIFT)" SWIFTFLAGS="$(SWIFTFLAGS)" scripts/build

# Man page and completions come from the program's own description of its options, so they can't lag behind.
generate:
	mkdir -p $(GENERATED)
	$(BINARY) --experimental-dump-help | scripts/make-man > $(GENERATED)/shrike.8
	$(BINARY) --generate-completion-script bash > $(GENERATED)/shrike.bash
	$(BINARY) --generate-completion-script zsh > $(GENERATED)/shrike.zsh
	$(BINARY) --generate-completion-script fish > $(GENERATED)/shrike.fish

# Builds nothing: it runs as root, and root should not own the build.
install:
	@test -x "$(BINARY)" && test -x "$(BINARY)-forward" && test -f "$(GENERATED)/shrike.8" || \
	    { echo "not built yet: run 'make' first" >&2; exit 1; }
	install -D -m 0755 -s $(BINARY) $(bin)/shrike
	install -D -m 0755 -s $(BINARY)-forward $(libexec)/shrike-forward
	install -D -m 0644 $(GENERATED)/shrike.8 $(share)/man/man8/shrike.8
	install -D -m 0644 $(GENERATED)/shrike.bash $(share)/bash-completion/completions/shrike
	install -D -m 0644 $(GENERATED)/shrike.zsh $(share)/zsh/vendor-completions/_shrike
	install -D -m 0644 $(GENERATED)/shrike.fish $(share)/fish/vendor_completions.d/shrike.fish
	install -d $(share)/shrike/rules
	install -m 0644 rules/*.yaml $(share)/shrike/rules
	@# Configurations that were written before the rules had a file a layer name this one.
	ln -sfn rules $(share)/shrike/shrike_rules.yaml
	install -d $(share)/shrike/rules/tests
	install -m 0644 rules/tests/*.yaml $(share)/shrike/rules/tests
	@# They are run by root (shrike selftest).
	mkdir -p $(share)/shrike/attacks
	cp -R samples/attacks/. $(share)/shrike/attacks
	chmod -R u=rwX,go=rX $(share)/shrike/attacks
	install -d $(lib)/systemd/system
	sed 's|/usr/bin/shrike|$(PREFIX)/bin/shrike|' systemd/shrike.service > $(lib)/systemd/system/shrike.service
	chmod 0644 $(lib)/systemd/system/shrike.service
	install -D -m 0644 systemd/shrike.sysusers $(lib)/sysusers.d/shrike.conf
	install -D -m 0644 systemd/shrike.tmpfiles $(lib)/tmpfiles.d/shrike.conf
	install -D -m 0644 LICENSE $(doc)/LICENSE
	install -m 0644 README.md docs/*.md $(doc)/
	cp -R samples $(doc)/samples
	rm -rf $(doc)/samples/attacks
	chmod -R u=rwX,go=rX $(doc)
	install -d -m 0755 $(etc)/shrike/rules.d $(etc)/logrotate.d
	@# What the administrator may have changed stays.
	@test -e $(etc)/shrike/shrike.yaml || \
	    { sed -e '/^#rules_files:/,/^$$/ s/^#//' -e 's|/usr/share/|$(PREFIX)/share/|' samples/shrike.yaml \
	    > $(etc)/shrike/shrike.yaml && chmod 0644 $(etc)/shrike/shrike.yaml; }
	@test -e $(etc)/logrotate.d/shrike || install -m 0644 systemd/shrike.logrotate $(etc)/logrotate.d/shrike
	@test -n "$(DESTDIR)" || echo "next: systemd-sysusers && systemd-tmpfiles --create && systemctl enable --now shrike"

uninstall:
	rm -f $(bin)/shrike $(share)/man/man8/shrike.8 $(share)/bash-completion/completions/shrike \
	    $(share)/zsh/vendor-completions/_shrike $(share)/fish/vendor_completions.d/shrike.fish \
	    $(lib)/systemd/system/shrike.service $(lib)/sysusers.d/shrike.conf $(lib)/tmpfiles.d/shrike.conf
	rm -rf $(libexec) $(share)/shrike $(doc)
	@echo "kept: $(etc)/shrike and $(etc)/logrotate.d/shrike, which may be changed"

deb:
	scripts/build-deb

image:
	scripts/build-image

test:
	scripts/test

clean:
	rm -rf .build
