/*
 * A lean backend and load generator for layer-4 forwarders, one thread of epoll each.
 *
 *   traffic serve IP:PORT...                         answers TCP requests and echoes datagrams on each address
 *   traffic rps  IP:PORT -c CONNECTIONS -t SECONDS   one request at a time on each kept connection
 *   traffic cps  IP:PORT -c SLOTS -t SECONDS         connect, one request, one answer, close
 *   traffic bulk IP:PORT -c STREAMS -t SECONDS       endless downloads
 *   traffic up   IP:PORT -c STREAMS -t SECONDS       endless uploads
 *   traffic udp  IP:PORT -c SOCKETS -t SECONDS       datagrams that come back, -W under way per socket
 *   traffic idle IP:PORT -c CONNECTIONS              one request each, prints READY, holds them until stdin ends
 *
 * -w SECONDS is load before measuring begins. Loads print one JSON object.
 */
#define _GNU_SOURCE
#include "traffic.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char *const MODES[] = {"rps", "cps", "bulk", "up", "idle", "udp"};

char scratch[SCRATCH_SIZE];

uint64_t now_nanos(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000ull + time.tv_nsec;
}

void die(const char *what) {
    perror(what);
    exit(1);
}

static void refuse(const char *name, const char *value, const char *expected) {
    fprintf(stderr, "%s: %s (expected: %s)\n", name, value, expected);
    exit(2);
}

struct sockaddr_in parse_address(const char *text) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    char host[64];
    snprintf(host, sizeof host, "%s", text);
    char *colon = strchr(host, ':');
    if (colon != NULL) {
        *colon = 0;
    }
    if (colon == NULL || inet_aton(host, &address.sin_addr) == 0) {
        refuse("address", text, "IPv4:port");
    }
    address.sin_port = htons(atoi(colon + 1));
    return address;
}

void enable(int fd, int level, int option) {
    int one = 1;
    setsockopt(fd, level, option, &one, sizeof one);
}

void enlarge_receive_buffer(int fd) {
    int bytes = 4 << 20;
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void watch(int epoll, int operation, int fd, uint32_t events, void *data) {
    struct epoll_event event = {.events = events, .data.ptr = data};
    if (epoll_ctl(epoll, operation, fd, &event) != 0) {
        die("epoll_ctl");
    }
}

static enum mode parse_mode(const char *name) {
    for (size_t i = 0; i < sizeof MODES / sizeof *MODES; i++) {
        if (strcmp(name, MODES[i]) == 0) {
            return (enum mode)i;
        }
    }
    refuse("mode", name, "serve, rps, cps, bulk, up, idle or udp");
    return IDLE;
}

static struct load parse_load(int argc, char **argv) {
    struct load load = {.mode = parse_mode(argv[1]), .name = argv[1], .count = 1, .window = 8, .seconds = 3};
    load.target = parse_address(argv[2]);
    optind = 3;
    for (int option; (option = getopt(argc, argv, "c:t:w:W:")) != -1;) {
        switch (option) {
            case 'c':
                load.count = atoi(optarg);
                break;
            case 't':
                load.seconds = atof(optarg);
                break;
            case 'w':
                load.warm_up = atof(optarg);
                break;
            case 'W':
                load.window = atoi(optarg);
                break;
            default:
                exit(2);
        }
    }
    if (load.count < 1 || load.window < 1 || load.window > DATAGRAM_BATCH || !(load.seconds > 0)) {
        refuse("load", load.name, "-c 1.., -W 1..64, -t more than 0");
    }
    return load;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: traffic MODE IP:PORT [OPTIONS], see main.c\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    if (strcmp(argv[1], "serve") == 0) {
        return serve(argc - 2, argv + 2);
    }
    struct load load = parse_load(argc, argv);
    return load.mode == DATAGRAMS ? run_udp(&load) : run_tcp(&load);
}
