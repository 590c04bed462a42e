/* Cold start and idle memory of a server: from fork to the last byte of its first answer, then its resident memory
** after a rest.
**
**   start PATH PROGRAM [ARGUMENT…]   PROGRAM prints "listening on http://HOST:PORT"; PATH is asked at once
**
** Prints "LISTENING_MS ANSWER_MS RSS_KIB ANON_KIB". The program is ended with SIGTERM. */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static pid_t child;

static void
die(const char *what)
{
    fprintf(stderr, "start: %s: %s\n", what, strerror(errno));
    if (child > 0)
        kill(child, SIGKILL);
    exit(2);
}

static double
now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static FILE *
spawn(char **argv)
{
    int p[2];
    posix_spawn_file_actions_t f;
    if (pipe(p) != 0)
        die("pipe");
    posix_spawn_file_actions_init(&f);
    posix_spawn_file_actions_adddup2(&f, p[1], 1);
    posix_spawn_file_actions_addclose(&f, p[0]);
    posix_spawn_file_actions_addclose(&f, p[1]);
    errno = posix_spawnp(&child, argv[0], &f, NULL, argv, environ);
    if (errno)
        die(argv[0]);
    posix_spawn_file_actions_destroy(&f);
    close(p[1]);
    return fdopen(p[0], "r");
}

static int
wait_port(FILE *out)
{
    static const char words[] = "listening on http://";
    char line[1024];
    while (fgets(line, sizeof line, out)) {
        char *colon = strncmp(line, words, sizeof words - 1) == 0 ? strrchr(line, ':') : NULL;
        if (colon)
            return atoi(colon + 1);
    }
    die("it never listened");
    return 0;
}

static void
ask(int port, const char *path)
{
    char text[65536];
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        die("connect");
    int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n", path);
    if (send(fd, text, (size_t)n, MSG_NOSIGNAL) != n || recv(fd, text, 12, MSG_WAITALL) != 12 ||
        strncmp(text + 9, "200", 3) != 0)
        die("no answer 200");
    while (recv(fd, text, sizeof text, 0) > 0)
        ;
    close(fd);
}

static long
memory_kib(const char *field)
{
    char path[64], line[256];
    long kib = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)child);
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, field, strlen(field)) == 0)
            kib = strtol(line + strlen(field), NULL, 10);
    if (f)
        fclose(f);
    return kib;
}

int
main(int argc, char **argv)
{
    if (argc < 3)
        return fputs("usage: start PATH PROGRAM [ARGUMENT...]\n", stderr), 2;
    double from = now_ms();
    FILE *out = spawn(argv + 2);
    int port = wait_port(out);
    double listening = now_ms();
    ask(port, argv[1]);
    double answered = now_ms();
    nanosleep(&(struct timespec){.tv_nsec = 500000000}, NULL);
    printf("%.2f %.2f %ld %ld\n", listening - from, answered - from, memory_kib("VmRSS:"), memory_kib("RssAnon:"));
    kill(child, SIGTERM);
    waitpid(child, NULL, 0);
    fclose(out);
    return 0;
}
