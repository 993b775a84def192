/* The real servers: all addresses in one process, so that it does not matter whom a forwarder prefers. */
#define _GNU_SOURCE
#include "traffic.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 256, ACCEPTS = 64, BACKLOG = 4096, READ_SIZE = 16384 };

/* More than this is sent from a file: generating bytes shall cost next to nothing. */
enum { SEND_LIMIT = 65536, FILE_SIZE = 8 << 20 };

enum kind { LISTENER, ECHO, CONNECTION };

struct endpoint {
    enum kind kind;
    int fd;
};

struct connection {
    struct endpoint endpoint; /* first: epoll hands out endpoints */
    bool sink;
    bool waits_to_write;
    int request_bytes; /* of a request that has come in part */
    char request[REQUEST_SIZE];
    uint64_t to_send;
    uint64_t file_offset;
};

static int epoll;
static int file;

static void fill_file(void) {
    file = memfd_create("traffic", 0);
    for (int i = 0; i < FILE_SIZE / SCRATCH_SIZE; i++) {
        if (write(file, scratch, SCRATCH_SIZE) != SCRATCH_SIZE) {
            die("memfd");
        }
    }
}

static int bind_socket(int type, const struct sockaddr_in *address) {
    int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        die("socket");
    }
    if (type == SOCK_STREAM) {
        enable(fd, SOL_SOCKET, SO_REUSEADDR);
    } else {
        enlarge_receive_buffer(fd);
    }
    if (bind(fd, (const struct sockaddr *)address, sizeof *address) != 0) {
        die("bind");
    }
    return fd;
}

static void add_endpoint(enum kind kind, int fd) {
    struct endpoint *endpoint = calloc(1, sizeof *endpoint);
    *endpoint = (struct endpoint){kind, fd};
    watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, endpoint);
}

static void listen_at(const char *text) {
    struct sockaddr_in address = parse_address(text);
    int listener = bind_socket(SOCK_STREAM, &address);
    if (listen(listener, BACKLOG) != 0) {
        die("listen");
    }
    add_endpoint(LISTENER, listener);
    add_endpoint(ECHO, bind_socket(SOCK_DGRAM, &address));
}

static void accept_connections(int listener) {
    for (int i = 0; i < ACCEPTS; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (fd < 0) {
            return;
        }
        enable(fd, IPPROTO_TCP, TCP_NODELAY);
        struct connection *connection = calloc(1, sizeof *connection);
        connection->endpoint = (struct endpoint){CONNECTION, fd};
        watch(epoll, EPOLL_CTL_ADD, fd, EPOLLIN, connection);
    }
}

static void echo_datagrams(int fd) {
    static char data[DATAGRAM_BATCH][2048];
    static struct sockaddr_in senders[DATAGRAM_BATCH];
    static struct iovec parts[DATAGRAM_BATCH];
    static struct mmsghdr messages[DATAGRAM_BATCH];
    for (int i = 0; i < DATAGRAM_BATCH; i++) {
        parts[i] = (struct iovec){data[i], sizeof data[i]};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &senders[i], .msg_namelen = sizeof senders[i], .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int received = recvmmsg(fd, messages, DATAGRAM_BATCH, MSG_DONTWAIT, NULL);
    if (received <= 0) {
        return;
    }
    for (int i = 0; i < received; i++) {
        parts[i].iov_len = messages[i].msg_len;
    }
    sendmmsg(fd, messages, received, MSG_DONTWAIT); /* what does not go out counts as lost at the client */
}

static void begin_answer(struct connection *c) {
    uint32_t answer_length;
    uint64_t stream_length;
    switch (c->request[0]) {
        case ANSWER:
            memcpy(&answer_length, c->request + ANSWER_LENGTH_AT, sizeof answer_length);
            c->to_send += answer_length;
            break;
        case STREAM:
            memcpy(&stream_length, c->request + STREAM_LENGTH_AT, sizeof stream_length);
            c->to_send += stream_length;
            break;
        case SINK:
            c->sink = true;
            break;
        default:
            break;
    }
}

static void take_requests(struct connection *c, const char *data, int length) {
    while (length > 0 && !c->sink) {
        int part = REQUEST_SIZE - c->request_bytes;
        if (part > length) {
            part = length;
        }
        memcpy(c->request + c->request_bytes, data, part);
        c->request_bytes += part;
        data += part;
        length -= part;
        if (c->request_bytes == REQUEST_SIZE) {
            c->request_bytes = 0;
            begin_answer(c);
        }
    }
}

static bool read_from(struct connection *c) {
    ssize_t length = recv(c->endpoint.fd, scratch, c->sink ? SCRATCH_SIZE : READ_SIZE, MSG_DONTWAIT);
    if (length <= 0) {
        return length < 0 && errno == EAGAIN;
    }
    take_requests(c, scratch, length);
    return true;
}

static ssize_t send_from_file(struct connection *c) {
    off_t offset = c->file_offset;
    uint64_t length = FILE_SIZE - c->file_offset;
    ssize_t sent = sendfile(c->endpoint.fd, file, &offset, length < c->to_send ? length : c->to_send);
    if (sent > 0) {
        c->file_offset = (c->file_offset + sent) % FILE_SIZE;
    }
    return sent;
}

static void wait_to_write(struct connection *c, bool wait) {
    if (c->waits_to_write != wait) {
        c->waits_to_write = wait;
        watch(epoll, EPOLL_CTL_MOD, c->endpoint.fd, wait ? EPOLLIN | EPOLLOUT : EPOLLIN, c);
    }
}

static bool write_to(struct connection *c) {
    while (c->to_send > 0) {
        ssize_t sent = c->to_send > SEND_LIMIT
                ? send_from_file(c)
                : send(c->endpoint.fd, scratch, c->to_send, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN) {
            return false;
        }
        if (sent < 0) {
            wait_to_write(c, true);
            return true;
        }
        c->to_send -= sent;
    }
    wait_to_write(c, false);
    return true;
}

static void on_connection(struct connection *c, uint32_t events) {
    bool alive = true;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        alive = read_from(c);
    }
    if (alive && c->to_send > 0) {
        alive = write_to(c);
    }
    if (!alive) {
        close(c->endpoint.fd);
        free(c);
    }
}

static void on_event(struct endpoint *endpoint, uint32_t events) {
    switch (endpoint->kind) {
        case LISTENER:
            accept_connections(endpoint->fd);
            break;
        case ECHO:
            echo_datagrams(endpoint->fd);
            break;
        case CONNECTION:
            on_connection((struct connection *)endpoint, events);
            break;
    }
}

int serve(int count, char **addresses) {
    epoll = epoll_create1(0);
    fill_file();
    for (int i = 0; i < count; i++) {
        listen_at(addresses[i]);
    }
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            on_event(events[i].data.ptr, events[i].events);
        }
    }
}
