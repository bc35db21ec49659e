// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * Is QEMU well while BARs come and go?  One processor switches a bridge's memory
 * decoding off and on, the other has its APIC's timer run; a QEMU that confuses
 * its maps (lab/build-qemu.sh: mend_tlb()) loses a timer, and with it the kernel.
 * usage: decode-toggle PCI-ADDRESS SECONDS    prints how many times
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PCI_COMMAND		4
#define PCI_COMMAND_MEMORY	2
#define PCI_COMMAND_MASTER	4

static void run_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set)) {
		fprintf(stderr, "decode-toggle: there is no processor %d\n", cpu);
		exit(1);
	}
}

static void *sleeper(void *unused)
{
	struct timespec nap = { .tv_nsec = 20000 };

	run_on(1);
	for (;;)
		nanosleep(&nap, NULL);
	return unused;
}

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	unsigned long n = 0;
	pthread_t thread;
	time_t end;
	int i, fd;

	if (argc != 3) {
		fputs("usage: decode-toggle PCI-ADDRESS SECONDS\n", stderr);
		return 2;
	}
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/config", argv[1]);
	fd = open(path, O_RDWR);
	if (fd < 0) {
		fprintf(stderr, "decode-toggle: %s: %s\n", path, strerror(errno));
		return 1;
	}
	for (i = 0; i < 3; i++)
		pthread_create(&thread, NULL, sleeper, NULL);
	run_on(0);

	end = time(NULL) + atoi(argv[2]);
	while (time(NULL) < end) {
		uint16_t off = PCI_COMMAND_MASTER, on = off | PCI_COMMAND_MEMORY;

		if (pwrite(fd, &off, sizeof(off), PCI_COMMAND) != sizeof(off) ||
		    pwrite(fd, &on, sizeof(on), PCI_COMMAND) != sizeof(on)) {
			perror("decode-toggle: write");
			return 1;
		}
		n++;
	}
	printf("%lu\n", n);
	return 0;
}
