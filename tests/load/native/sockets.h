/* Thousands of WebSockets of a client: connected, upgraded, greeted, and what comes on them counted. */

#include "common.h"

enum { READ = 262144, CARRY = 16384, GREETINGS = 8, SAID = 2048, APART = 256 };
enum state { CONNECTING, UPGRADING, GREETED, OPEN, GONE };

struct one {
    int fd;
    enum state state;
    int code;
    size_t carried;
    unsigned char *carry;
};

static struct one *ones;
static const char *path, *subprotocol, *until = "";
static int port, epoll, total;
/* Those that are read first: how many, where they are waited for, when each was told (`now_s`). */
static int apart, first_read, told;
static double told_at[APART];
/* The first so many have short buffers and send little at a time, as phones do; so many are not read. */
static int narrow, stuck;
/* When so many units had come. */
static long mark;
static double marked;
static long opened, gone, units;
static size_t size = 300;
static unsigned char bytes[READ + CARRY];
static struct { int opcode; size_t length; unsigned char said[SAID]; } greetings[GREETINGS];
static int greeting_count;
static char **own;

static size_t from_hex(const char *hex, unsigned char *out) {
    size_t length = 0;
    for (unsigned value; sscanf(hex, "%2x", &value) == 1; hex += 2) out[length++] = value;
    return length;
}

static void say(int fd, int opcode, const void *payload, size_t length) {
    unsigned char out[SAID + 16];
    write_all(fd, out, frame(out, opcode, payload, length));
}

/* Eight addresses of ours, so that there are enough ports. */
static void connect_one(int number) {
    struct one *it = &ones[number];
    int yes = 1;
    struct linger at_once = {1, 0};
    struct sockaddr_in from = loopback(0), to = loopback(port);
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 256 + number % 8);
    it->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (it->fd < 0) stop("socket");
    setsockopt(it->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(it->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (number < narrow) {
        int segment = 1400, room = 4096;
        setsockopt(it->fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
        setsockopt(it->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    }
    setsockopt(it->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
    if (bind(it->fd, (void *)&from, sizeof from)) stop("bind");
    if (connect(it->fd, (void *)&to, sizeof to) && errno != EINPROGRESS) stop("connect");
    watch(epoll, it->fd, EPOLLOUT, number, EPOLL_CTL_ADD);
}

static void lose(struct one *it) {
    if (it->state == GONE) return;
    epoll_ctl(epoll, EPOLL_CTL_DEL, it->fd, NULL);
    close(it->fd);
    opened -= it->state == OPEN, gone++, it->state = GONE;
}

static void upgrade(struct one *it, int number) {
    char text[1024];
    int named = strcmp(subprotocol, "-") != 0;
    int length = snprintf(text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
        path, port, named ? "Sec-WebSocket-Protocol: " : "", named ? subprotocol : "", named ? "\r\n" : "");
    write_all(it->fd, text, length);
    it->state = UPGRADING;
    watch(epoll, it->fd, EPOLLIN, number, EPOLL_CTL_MOD);
}

static void greet(struct one *it, int number) {
    if (own) say(it->fd, TEXT, own[number], strlen(own[number]));
    for (int i = 0; i < greeting_count; i++)
        say(it->fd, greetings[i].opcode, greetings[i].said, greetings[i].length);
    it->state = *until ? GREETED : OPEN;
    opened += it->state == OPEN;
}

static void hear(struct one *it, const unsigned char *at, size_t left) {
    struct found found;
    for (; parse(at, left, &found); at += found.head + found.length, left -= found.head + found.length) {
        const unsigned char *payload = at + found.head;
        if (found.opcode == PING) {
            say(it->fd, PONG, payload, found.length > 125 ? 125 : found.length);
        } else if (found.opcode == CLOSE) {
            if (found.length >= 2) it->code = payload[0] << 8 | payload[1];
            lose(it);
            return;
        } else if (it->state == GREETED && memmem(payload, found.length, until, strlen(until))) {
            it->state = OPEN, opened++;
        } else if (it - ones < apart) {
            if (found.length > 2 && told < apart) told_at[told++] = now_s();
            else if (found.length == 2) say(it->fd, TEXT, "{}", 2);
        } else if (found.length >= size) {
            units += found.length / size;
            if (mark && units >= mark) marked = now_s(), mark = 0;
        } else if (found.length == 2 && !memcmp(payload, "{}", 2)) {
            say(it->fd, TEXT, "{}", 2);
        }
    }
    if (left > CARRY) stop("a frame is longer than is carried");
    if (left && !it->carry) it->carry = malloc(CARRY);
    if (left) memmove(it->carry, at, left);
    it->carried = left;
}

static void take(int number) {
    struct one *it = &ones[number];
    if (it->state == GONE) return;
    if (it->state == CONNECTING) {
        upgrade(it, number);
        return;
    }
    size_t before = it->carried;
    if (before) memcpy(bytes, it->carry, before);
    ssize_t taken = recv(it->fd, bytes + before, READ, 0);
    if (taken < 0 && errno == EAGAIN) return;
    if (taken <= 0) {
        lose(it);
        return;
    }
    size_t count = before + taken;
    it->carried = 0;
    if (it->state != UPGRADING) {
        hear(it, bytes, count);
        return;
    }
    unsigned char *end = memmem(bytes, count, "\r\n\r\n", 4);
    if (!end) {
        if (!it->carry) it->carry = malloc(CARRY);
        memcpy(it->carry, bytes, count), it->carried = count;
    } else if (memcmp(bytes, "HTTP/1.1 101", 12)) {
        if (!gone) fprintf(stderr, "not upgraded: %.200s\n", bytes);
        lose(it);
    } else {
        greet(it, number);
        hear(it, end + 4, bytes + count - end - 4);
    }
}

static int take_first(void) {
    static struct epoll_event events[APART];
    int some = apart ? epoll_wait(first_read, events, APART, 0) : 0;
    for (int i = 0; i < some; i++) take(events[i].data.u32);
    return some;
}

static int pump(int wait_ms) {
    static struct epoll_event events[1024];
    int first = take_first(), some = epoll_wait(epoll, events, 1024, first ? 0 : wait_ms);
    for (int i = 0; i < some; i++) {
        take(events[i].data.u32);
        if (i % 8 == 7) first += take_first();
    }
    return first + some;
}

/* Poll for at most so long, without sleeping; seconds in which nothing had come are added to `idle`. */
static int spin(double seconds, double *idle) {
    double began = now_s(), end = began + seconds, at = began;
    for (; at < end; at = now_s()) {
        double before = at;
        int some = pump(0);
        if (some) return some;
        while (now_s() < before + 20e-6) {}
        *idle += now_s() - before;
    }
    return 0;
}
