/* A histogram of latencies: 32 buckets of equal width in each power of two of nanoseconds. */
#include "traffic.h"

#include <string.h>

enum { EXPONENTS = 64, SUB_BITS = 5, SUB_BUCKETS = 1 << SUB_BITS };

static uint64_t buckets[EXPONENTS * SUB_BUCKETS];
static uint64_t recorded;

void latency_reset(void) {
    memset(buckets, 0, sizeof buckets);
    recorded = 0;
}

void latency_record(uint64_t nanos) {
    if (nanos < SUB_BUCKETS) {
        nanos = SUB_BUCKETS;
    }
    int exponent = 63 - __builtin_clzll(nanos);
    int sub = (nanos >> (exponent - SUB_BITS)) & (SUB_BUCKETS - 1);
    buckets[exponent * SUB_BUCKETS + sub]++;
    recorded++;
}

static double lower_edge_micros(int bucket) {
    int exponent = bucket / SUB_BUCKETS;
    uint64_t sub = bucket % SUB_BUCKETS;
    return ((1ull << exponent) + (sub << (exponent - SUB_BITS))) / 1000.0;
}

double latency_micros(double quantile) {
    uint64_t wanted = recorded * quantile;
    uint64_t seen = 0;
    for (int i = 0; i < EXPONENTS * SUB_BUCKETS; i++) {
        seen += buckets[i];
        if (seen > wanted) {
            return lower_edge_micros(i);
        }
    }
    return 0;
}
