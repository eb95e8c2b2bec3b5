/* What the floor and the load client share: frames, times, sockets that do not wait. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

static inline void stop(const char *why) {
    perror(why);
    exit(1);
}

static inline double now_s(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec * 1e-9;
}

static inline void allow_sockets(void) {
    struct rlimit most;
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
}

static inline struct sockaddr_in loopback(int port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

static inline void watch(int epoll, int fd, uint32_t events, uint32_t number, int change) {
    struct epoll_event event = {.events = events, .data.u32 = number};
    if (epoll_ctl(epoll, change, fd, &event)) stop("epoll_ctl");
}

/* Write all of it, however long the other side takes. */
static inline void write_all(int fd, const void *bytes, size_t count) {
    const char *at = bytes;
    while (count) {
        ssize_t taken = send(fd, at, count, MSG_NOSIGNAL);
        if (taken < 0) {
            if (errno != EAGAIN) return;
            usleep(100);
            continue;
        }
        at += taken, count -= taken;
    }
}

/* One frame (RFC 6455 5.2), masked as clients must; answers its length. */
static inline size_t frame(unsigned char *out, int opcode, const void *payload, size_t length) {
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    const unsigned char *from = payload;
    size_t at = 0;
    out[at++] = 0x80 | opcode;
    if (length < 126) {
        out[at++] = 0x80 | length;
    } else {
        out[at++] = 0x80 | 126;
        out[at++] = length >> 8, out[at++] = length;
    }
    memcpy(out + at, mask, 4), at += 4;
    for (size_t i = 0; i < length; i++) out[at + i] = from[i] ^ mask[i & 3];
    return at + length;
}

/* A frame at the start of so many bytes: where its payload is, and how long. */
struct found {
    int opcode;
    size_t head, length;
    const unsigned char *mask;
};

/* Whether a whole frame is there. */
static inline int parse(const unsigned char *at, size_t count, struct found *frame) {
    if (count < 2) return 0;
    size_t head = 2, length = at[1] & 127;
    if (length == 126) {
        if (count < 4) return 0;
        length = at[2] << 8 | at[3], head = 4;
    } else if (length == 127) {
        if (count < 10) return 0;
        for (length = 0; head < 10; head++) length = length << 8 | at[head];
    }
    frame->mask = at[1] & 0x80 ? at + head : NULL;
    if (frame->mask) head += 4;
    frame->opcode = at[0] & 15, frame->head = head, frame->length = length;
    return count >= head + length;
}
