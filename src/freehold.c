#include <stdio.h>

int main(int argc, char **argv) {
	(void)argc;
	(void)argv;
	fputs("usage: freehold COMMAND\n", stderr);
	return 2;
}
