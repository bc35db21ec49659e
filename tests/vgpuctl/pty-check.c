// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copyright (c) 2026 The OpenVGPU authors
 *
 * pty-check COLUMNS KEYS PROGRAM ARGUMENT...: run a program on a VT100 of so many
 * columns and 24 lines, wait for "q quit", print the screen, press the keys.  An empty
 * KEYS hangs up instead.  Then: the exit status, and whether the terminal is as it was.
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#define LINES	24
#define WIDTH	256
#define SECONDS	20

static unsigned int screen[LINES][WIDTH];
static int row, col, columns, wrapped;

static void clear_to(int r, int from, int to)
{
	for (; from < to; from++)
		screen[r][from] = ' ';
}

static void newline(void)
{
	if (row < LINES - 1) {
		row++;
		return;
	}
	memmove(screen[0], screen[1], sizeof(screen[0]) * (LINES - 1));
	clear_to(LINES - 1, 0, WIDTH);
}

static void sequence(char final, const int *n, int num)
{
	int r, one = num && n[0] ? n[0] : 1;

	switch (final) {
	case 'H':
		row = one - 1 < LINES ? one - 1 : LINES - 1;
		col = num > 1 && n[1] ? n[1] - 1 : 0;
		break;
	case 'A':
		row = row > one ? row - one : 0;
		break;
	case 'B':
		row = row + one < LINES ? row + one : LINES - 1;
		break;
	case 'C':
		col += one;
		break;
	case 'D':
		col = col > one ? col - one : 0;
		break;
	case 'K':
		clear_to(row, num && n[0] == 1 ? 0 : col, num && n[0] == 1 ? col + 1 : WIDTH);
		break;
	case 'J':
		clear_to(row, col, WIDTH);
		for (r = row + 1; r < LINES; r++)
			clear_to(r, 0, WIDTH);
		break;
	}
}

/* A character that does not fit goes to the next line, as on the real thing. */
static void put(unsigned int c)
{
	if (col >= columns) {
		wrapped++;
		col = 0;
		newline();
	}
	screen[row][col++] = c;
}

static void feed(unsigned char c)
{
	static enum { TEXT, ESCAPE, CHARSET, CSI } state;
	static int n[8], num, left;
	static unsigned int wide;

	if (state == CHARSET) {
		state = TEXT;
	} else if (state == ESCAPE) {
		state = c == '[' ? CSI : c == '(' || c == ')' ? CHARSET : TEXT;
		memset(n, 0, sizeof(n));
		num = 0;
	} else if (state == CSI) {
		if (c >= '0' && c <= '9') {
			num += !num;
			n[num - 1] = n[num - 1] * 10 + c - '0';
		} else if (c == ';' && num < 8) {
			num += 1 + !num;
		} else if (c >= '@') {
			sequence(c, n, num);
			state = TEXT;
		}
	} else if (c == 033) {
		state = ESCAPE;
	} else if (c == '\r') {
		col = 0;
	} else if (c == '\n') {
		newline();
	} else if (c == '\b') {
		col -= col > 0;
	} else if (c >= 0xc0) {
		left = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
		wide = c & (0x3f >> left);
	} else if (c >= 0x80) {
		wide = wide << 6 | (c & 0x3f);
		if (!--left)
			put(wide);
	} else if (c >= ' ') {
		put(c);
	}
}

static void print_utf8(unsigned int c)
{
	if (c < 0x80)
		putchar(c);
	else if (c < 0x800)
		printf("%c%c", 0xc0 | c >> 6, 0x80 | (c & 0x3f));
	else
		printf("%c%c%c", 0xe0 | c >> 12, 0x80 | (c >> 6 & 0x3f), 0x80 | (c & 0x3f));
}

static void print_screen(void)
{
	int r, c, end;

	for (r = 0; r < LINES; r++) {
		for (end = WIDTH; end && screen[r][end - 1] == ' '; end--)
			;
		if (!end)
			continue;
		printf("%2d ", r + 1);
		for (c = 0; c < end; c++)
			print_utf8(screen[r][c]);
		putchar('\n');
	}
}

static bool has(const char *text)
{
	int r, c;
	size_t i;

	for (r = 0; r < LINES; r++)
		for (c = 0; c + strlen(text) < WIDTH; c++) {
			for (i = 0; text[i] && screen[r][c + i] == (unsigned char)text[i]; i++)
				;
			if (!text[i])
				return true;
		}
	return false;
}

int main(int argc, char **argv)
{
	struct winsize size = { .ws_row = LINES };
	struct termios before, after;
	int master, slave, status, r;
	bool shown = false, hangup;
	char buf[4096];
	pid_t pid;

	if (argc < 4)
		return 2;
	columns = size.ws_col = atoi(argv[1]);
	hangup = !*argv[2];
	for (r = 0; r < LINES; r++)
		clear_to(r, 0, WIDTH);
	alarm(SECONDS);
	if (columns < 1 || columns >= WIDTH || openpty(&master, &slave, NULL, NULL, &size) ||
	    tcgetattr(slave, &before))
		return 2;
	pid = fork();
	if (!pid) {
		setenv("TERM", "vt100", 1);
		unsetenv("COLUMNS");
		unsetenv("LINES");
		close(master);
		login_tty(slave);
		/* it has to notice by itself that nobody is there any more */
		signal(SIGHUP, SIG_IGN);
		execv(argv[3], argv + 3);
		_exit(127);
	}
	if (hangup)
		close(slave);
	for (;;) {
		struct pollfd p = { .fd = master, .events = POLLIN };
		ssize_t n, i;

		if (poll(&p, 1, 100) > 0) {
			n = read(master, buf, sizeof(buf));
			if (n <= 0)
				break;
			for (i = 0; i < n; i++)
				feed(buf[i]);
			continue;
		}
		if (waitpid(pid, &status, WNOHANG) == pid) {
			pid = 0;
			break;
		}
		/* all that it had to draw is there */
		if (!shown && has("q quit")) {
			shown = true;
			print_screen();
			printf("wrapped %d\n", wrapped);
			fflush(stdout);
			if (hangup) {
				close(master);
				break;
			}
			if (write(master, argv[2], strlen(argv[2])) < 0)
				return 2;
		}
	}
	if (pid && waitpid(pid, &status, 0) != pid)
		return 2;
	printf("exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	if (!hangup)
		printf("terminal %s\n", !tcgetattr(slave, &after) && after.c_lflag == before.c_lflag &&
		       after.c_iflag == before.c_iflag && after.c_oflag == before.c_oflag ?
		       "as it was" : "changed");
	return 0;
}
