/* What the parts of the traffic program share. Everything runs on one thread. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A TCP request is 64 bytes and begins with its kind; numbers are in the machine's byte order, for both ends are this
 * program. ANSWER: uint32 at 4 is how many bytes to answer. STREAM: uint64 at 8 is how many to send. SINK: all that
 * follows is thrown away.
 */
enum { REQUEST_SIZE = 64, ANSWER_LENGTH_AT = 4, STREAM_LENGTH_AT = 8 };
enum { ANSWER = 'R', STREAM = 'B', SINK = 'S' };

enum { ANSWER_SIZE = 128, DATAGRAM_SIZE = 32, DATAGRAM_BATCH = 64, SCRATCH_SIZE = 1 << 20 };

enum mode { REQUESTS, CONNECTIONS, DOWNLOAD, UPLOAD, IDLE, DATAGRAMS };

struct load {
    enum mode mode;
    const char *name; /* of the mode, as in the result */
    struct sockaddr_in target;
    int count; /* connections or sockets */
    int window; /* datagrams under way per socket, 1..DATAGRAM_BATCH */
    double seconds;
    double warm_up;
};

/* Received bytes that nobody looks at, and sent bytes that nobody has chosen. */
extern char scratch[SCRATCH_SIZE];

int serve(int count, char **addresses);
int run_tcp(const struct load *load);
int run_udp(const struct load *load);

uint64_t now_nanos(void);
void die(const char *what);
struct sockaddr_in parse_address(const char *text);
void enable(int fd, int level, int option);
void enlarge_receive_buffer(int fd);
void watch(int epoll, int operation, int fd, uint32_t events, void *data);

/* Latencies since the last reset, to about 3 %. */
void latency_reset(void);
void latency_record(uint64_t nanos);
double latency_micros(double quantile);

#endif
