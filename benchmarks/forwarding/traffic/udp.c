/* Datagrams that come back: each socket keeps so many of them under way. */
#define _GNU_SOURCE
#include "traffic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum { EVENTS = 512, WAIT_MILLIS = 20 };

/* After so long without an answer, what is under way counts as lost and the socket goes on. */
static const uint64_t LOST_AFTER = 200000000;

/* How long answers to the last datagrams may take. */
static const uint64_t AFTERMATH = 300000000;

struct client {
    int fd;
    int under_way;
    uint64_t last_sent;
};

static char data[DATAGRAM_BATCH][REQUEST_SIZE];
static struct iovec parts[DATAGRAM_BATCH];
static struct mmsghdr messages[DATAGRAM_BATCH];

/* Of datagrams sent between begin and end, by the time that each carries. */
static uint64_t begin, end, sent, received;

static void prepare_messages(void) {
    for (int i = 0; i < DATAGRAM_BATCH; i++) {
        parts[i].iov_base = data[i];
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &parts[i], .msg_iovlen = 1};
    }
}

static bool measured(uint64_t time) { return time >= begin && time < end; }

static void send_datagrams(struct client *c, int count) {
    uint64_t time = now_nanos();
    for (int i = 0; i < count; i++) {
        memcpy(data[i], &time, sizeof time);
        parts[i].iov_len = DATAGRAM_SIZE;
    }
    int accepted = sendmmsg(c->fd, messages, count, MSG_DONTWAIT);
    if (accepted <= 0) {
        return;
    }
    c->under_way += accepted;
    c->last_sent = time;
    if (measured(time)) {
        sent += accepted;
    }
}

static void receive_datagrams(struct client *c) {
    for (int i = 0; i < DATAGRAM_BATCH; i++) {
        parts[i].iov_len = sizeof data[i];
    }
    int count = recvmmsg(c->fd, messages, DATAGRAM_BATCH, MSG_DONTWAIT, NULL);
    uint64_t now = now_nanos();
    for (int i = 0; i < count; i++) {
        uint64_t time;
        memcpy(&time, data[i], sizeof time);
        if (measured(time)) {
            received++;
            latency_record(now - time);
        }
        if (c->under_way > 0) {
            c->under_way--;
        }
    }
}

static void revive(struct client *c, int window, uint64_t now) {
    if (c->under_way > 0 && now - c->last_sent > LOST_AFTER) {
        c->under_way = 0;
    }
    if (c->under_way == 0) {
        send_datagrams(c, window);
    }
}

static struct client *open_clients(int epoll, const struct load *load) {
    struct client *clients = calloc(load->count, sizeof *clients);
    for (int i = 0; i < load->count; i++) {
        clients[i].fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        enlarge_receive_buffer(clients[i].fd);
        if (connect(clients[i].fd, (const struct sockaddr *)&load->target, sizeof load->target) != 0) {
            die("udp connect");
        }
        watch(epoll, EPOLL_CTL_ADD, clients[i].fd, EPOLLIN, &clients[i]);
    }
    return clients;
}

static void print_result(const struct load *load) {
    uint64_t answered = received < sent ? received : sent;
    double loss = sent > 0 ? 1.0 - answered / (double)sent : 0;
    printf("{\"mode\":\"%s\",\"pps\":%.0f,\"sent\":%lu,\"n\":%lu,\"loss\":%.5f,\"p50us\":%.1f,\"p99us\":%.1f}\n",
            load->name, received / load->seconds, sent, received, loss, latency_micros(.5), latency_micros(.99));
}

int run_udp(const struct load *load) {
    int epoll = epoll_create1(0);
    prepare_messages();
    begin = now_nanos() + load->warm_up * 1e9;
    end = begin + load->seconds * 1e9;
    struct client *clients = open_clients(epoll, load);
    struct epoll_event events[EVENTS];
    for (uint64_t now; (now = now_nanos()) < end + AFTERMATH;) {
        for (int i = 0; i < load->count && now < end; i++) {
            revive(&clients[i], load->window, now);
        }
        int ready = epoll_wait(epoll, events, EVENTS, WAIT_MILLIS);
        for (int i = 0; i < ready; i++) {
            struct client *client = events[i].data.ptr;
            receive_datagrams(client);
            int missing = load->window - client->under_way;
            if (missing > 0 && now < end) {
                send_datagrams(client, missing);
            }
        }
    }
    free(clients);
    print_result(load);
    return 0;
}
