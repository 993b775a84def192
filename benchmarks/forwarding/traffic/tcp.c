/* Loads over TCP: requests on kept connections, new connections, streams, and connections that do nothing. */
#define _GNU_SOURCE
#include "traffic.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 512, WAIT_MILLIS = 100, STREAM_CHUNK = 262144, MAX_ERRORS = 100000 };

/* A stream gives way to the others after so many reads or writes. */
enum { READS = 8, WRITES = 16 };

/* Idle connections are opened so many at a time, and are given up when none has come up for so long. */
enum { IDLE_AT_ONCE = 64 };
static const uint64_t IDLE_PATIENCE = 10000000000;

static const uint32_t WATCHED = EPOLLIN | EPOLLOUT | EPOLLET;

enum stage { CONNECTING, TALKING, HELD };

struct connection {
    int fd;
    enum stage stage;
    int received; /* bytes of the answer */
    uint64_t started; /* the exchange that is under way */
};

static const struct load *load;
static struct connection *connections;
static int opened; /* of load->count */
static int epoll;
static char request[REQUEST_SIZE];

/* Since measuring began; errors since the start, for none is expected. */
static uint64_t exchanges, bytes, errors;

/* Of an idle load: how many connections are held, and when the last came. */
static int held;
static uint64_t last_held;

static void prepare_request(void) {
    uint32_t answer_length = ANSWER_SIZE;
    uint64_t stream_length = 1ull << 60;
    request[0] = load->mode == DOWNLOAD ? STREAM : load->mode == UPLOAD ? SINK : ANSWER;
    memcpy(request + ANSWER_LENGTH_AT, &answer_length, sizeof answer_length);
    memcpy(request + STREAM_LENGTH_AT, &stream_length, sizeof stream_length);
}

static void open_connection(struct connection *c) {
    *c = (struct connection){.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), .started = now_nanos()};
    if (c->fd < 0) {
        die("socket");
    }
    enable(c->fd, IPPROTO_TCP, TCP_NODELAY);
    if (connect(c->fd, (const struct sockaddr *)&load->target, sizeof load->target) != 0 && errno != EINPROGRESS) {
        die("connect"); /* no such port, or none left of ours: nothing that measuring on would tell */
    }
    watch(epoll, EPOLL_CTL_ADD, c->fd, WATCHED, c);
}

static void open_next(void) {
    if (opened < load->count) {
        open_connection(&connections[opened++]);
    }
}

static bool send_request(struct connection *c) {
    return send(c->fd, request, REQUEST_SIZE, MSG_NOSIGNAL) == REQUEST_SIZE;
}

static bool on_connected(struct connection *c) {
    c->stage = TALKING;
    if (load->mode != CONNECTIONS) {
        c->started = now_nanos(); /* only there connecting is part of the exchange */
    }
    return send_request(c);
}

/* Asks for an event although nothing has changed: epoll is edge-triggered here. */
static void come_back(struct connection *c) { watch(epoll, EPOLL_CTL_MOD, c->fd, WATCHED, c); }

static bool upload(struct connection *c) {
    for (int i = 0; i < WRITES; i++) {
        ssize_t sent = send(c->fd, scratch, STREAM_CHUNK, MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN;
        }
        bytes += sent;
    }
    come_back(c);
    return true;
}

static bool download(struct connection *c) {
    for (int i = 0; i < READS; i++) {
        ssize_t length = recv(c->fd, scratch, STREAM_CHUNK, 0);
        if (length <= 0) {
            return length < 0 && errno == EAGAIN;
        }
        bytes += length;
    }
    come_back(c);
    return true;
}

static bool next_exchange(struct connection *c, uint64_t now) {
    c->received = 0;
    switch (load->mode) {
        case CONNECTIONS:
            close(c->fd);
            open_connection(c);
            return true;
        case IDLE:
            c->stage = HELD;
            held++;
            last_held = now;
            open_next();
            return true;
        default:
            c->started = now_nanos();
            return send_request(c);
    }
}

static bool read_answer(struct connection *c) {
    while (c->received < ANSWER_SIZE) {
        ssize_t length = recv(c->fd, scratch, SCRATCH_SIZE, 0);
        if (length <= 0) {
            return length < 0 && errno == EAGAIN;
        }
        c->received += length;
    }
    uint64_t now = now_nanos();
    latency_record(now - c->started);
    exchanges++;
    return next_exchange(c, now);
}

static bool advance(struct connection *c, uint32_t events) {
    if (c->stage == CONNECTING && (events & EPOLLOUT) && !on_connected(c)) {
        return false;
    }
    if (load->mode == UPLOAD && c->stage == TALKING && (events & EPOLLOUT) && !upload(c)) {
        return false;
    }
    if (!(events & (EPOLLIN | EPOLLERR | EPOLLHUP))) {
        return true;
    }
    return load->mode == DOWNLOAD || load->mode == UPLOAD ? download(c) : read_answer(c);
}

static void on_event(struct connection *c, uint32_t events) {
    if (c->fd < 0 || advance(c, events)) {
        return;
    }
    errors++;
    close(c->fd);
    c->fd = -1;
    if (errors > MAX_ERRORS) {
        fprintf(stderr, "%s: more than %d connections have failed\n", load->name, MAX_ERRORS);
        exit(1);
    }
    if (load->mode != DOWNLOAD && load->mode != UPLOAD) {
        open_connection(c);
    }
}

static void turn(void) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(epoll, events, EVENTS, WAIT_MILLIS);
    for (int i = 0; i < ready; i++) {
        on_event(events[i].data.ptr, events[i].events);
    }
}

static void turn_until(uint64_t end) {
    while (now_nanos() < end) {
        turn();
    }
}

static int measure(void) {
    turn_until(now_nanos() + load->warm_up * 1e9);
    exchanges = bytes = 0;
    latency_reset();
    uint64_t begin = now_nanos();
    turn_until(begin + load->seconds * 1e9);
    double seconds = (now_nanos() - begin) / 1e9;
    printf("{\"mode\":\"%s\",\"rate\":%.0f,\"n\":%lu,\"GBps\":%.3f,\"p50us\":%.1f,\"p99us\":%.1f,"
           "\"errors\":%lu,\"sec\":%.3f}\n",
            load->name, exchanges / seconds, exchanges, bytes / seconds / 1e9, latency_micros(.5),
            latency_micros(.99), errors, seconds);
    return 0;
}

static int hold(void) {
    last_held = now_nanos();
    while (held < load->count) {
        turn();
        if (now_nanos() - last_held > IDLE_PATIENCE) {
            fprintf(stderr, "idle: only %d of %d connections came up\n", held, load->count);
            return 1;
        }
    }
    printf("READY %d errors %lu\n", held, errors);
    fflush(stdout);
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    return 0;
}

int run_tcp(const struct load *requested) {
    load = requested;
    epoll = epoll_create1(0);
    connections = calloc(load->count, sizeof *connections);
    prepare_request();
    int at_once = load->mode == IDLE ? IDLE_AT_ONCE : load->count;
    for (int i = 0; i < at_once; i++) {
        open_next();
    }
    return load->mode == IDLE ? hold() : measure();
}
