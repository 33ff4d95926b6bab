# The commands of the house. Everything they need beyond Swift comes from Debian and is installed by them.

PREFIX ?= /usr/local
DESTDIR ?=
# Where systemd looks for what a package brings.
LIBRARY ?= /usr/lib
SYSTEMD ?= $(LIBRARY)/systemd
FUZZ_SECONDS ?= 60

.DEFAULT_GOAL := help
.PHONY: help demo test build proof bench peers embedded firmware format install install-services clean packages

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while read -r name what; do printf '  make %-9s %s\n' "$$name" "$$what"; done

demo: packages ## build, then watch a robot learn: DEMO="--robot reacher --seed 2"
	@.ci/build-release understudy
	@.ci/demo $(DEMO)

test: packages ## the gate: everything that must hold before a change is taken (twenty to thirty minutes on two cores)
	@.ci/test

build: packages ## the release binary, with the Swift libraries inside
	@.ci/build-release

proof: packages ## the long proof: mutants, fuzzers, every test in every build, 10^9 ticks (hours)
	Tests/Mutation/run
	Tests/Fuzz/run $(FUZZ_SECONDS)
	@.ci/test release-all address-all thread-all campaign

bench: build ## what the hot paths cost, and BENCHMARKS.md with all of it
	@.ci/bench

peers: build ## the same work by ours and by NumPy, JAX, torch and others, which it installs (3 GB)
	taskset -c 0 "$$(swift build -c release --show-bin-path)/bench" peers Tests/Peers/run_speed

embedded: packages ## the shared core, compiled for the microcontroller, and the images of our board
	@.ci/test embedded

firmware: packages ## the images of our board: sizes, .build-firmware/NAME.elf and NAME.bin
	@.ci/build-firmware

format: ## lay the sources out as the lint wants them
	swift format --in-place --recursive Package.swift Sources Tests

install: install-services ## put what `make build` built, and its services, under DESTDIR and PREFIX
	@test -x .build/release/understudy.stripped || { echo "install: nothing is built; run make build first" >&2; exit 1; }
	install -D -m 755 .build/release/understudy.stripped $(DESTDIR)$(PREFIX)/bin/understudy
	for file in $$(find safety Calibration -type f); do \
		install -D -m 644 "$$file" "$(DESTDIR)$(PREFIX)/share/understudy/$$file" || exit; done
	for file in LICENSE README.md CHANGELOG.md systemd/slurm/understudy-learn.sbatch; do \
		install -D -m 644 "$$file" "$(DESTDIR)$(PREFIX)/share/doc/understudy/$${file##*/}" || exit; done

install-services:
	install -d $(DESTDIR)$(SYSTEMD)/system
	for unit in systemd/units/*; do \
		sed 's|/usr/local|$(PREFIX)|g' "$$unit" > "$(DESTDIR)$(SYSTEMD)/system/$${unit##*/}" && \
		chmod 644 "$(DESTDIR)$(SYSTEMD)/system/$${unit##*/}" || exit; done
	install -D -m 644 systemd/sysusers/understudy.conf $(DESTDIR)$(LIBRARY)/sysusers.d/understudy.conf
	install -D -m 644 systemd/tmpfiles/understudy.conf $(DESTDIR)$(LIBRARY)/tmpfiles.d/understudy.conf
	install -D -m 644 systemd/udev/70-understudy.rules $(DESTDIR)$(LIBRARY)/udev/rules.d/70-understudy.rules

clean: ## remove everything that was built
	rm -rf .build .build-*

packages:
	@.ci/install-packages
