/* The floor: what the kernel takes to give bytes to sockets, with as little around it as can be.
 *
 *     floor PORT ORDERS_PORT
 *
 * On PORT it takes WebSockets with a canned handshake. On ORDERS_PORT each byte is an order: "B" sends one
 * frame of 300 bytes to every socket, one send() after another. What clients say is unmasked and counted;
 * every thousandth message is told there by a byte. It checks nothing: a program that is to be used has
 * more to do.
 */

#include "common.h"

enum { MOST = 40000, READ = 65536, SIZE = 300 };

static int sockets[MOST], count, upgraded[MOST], kind[MOST];
static unsigned char out[SIZE + 4] = {0x81, 126, SIZE >> 8, SIZE & 255};
static long heard;
static int told = -1;

enum { LISTENER = 1, ORDERS_LISTENER, CLIENT, ORDERS };

static int listening(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
    struct sockaddr_in at = loopback(port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (void *)&at, sizeof at) || listen(fd, 4096)) stop("listen");
    return fd;
}

static void fan_out(void) {
    for (int i = 0; i < count; i++) send(sockets[i], out, sizeof out, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void leave(int epoll, int fd) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
    close(fd);
    for (int i = 0; kind[fd] == CLIENT && i < count; i++)
        if (sockets[i] == fd) sockets[i] = sockets[--count];
}

static void hear(unsigned char *at, ssize_t left) {
    struct found found;
    while (left > 0 && parse(at, left, &found)) {
        unsigned char *payload = at + found.head;
        for (size_t i = 0; found.mask && i < found.length; i++) payload[i] ^= found.mask[i & 3];
        if (++heard % 1000 == 0 && told >= 0) send(told, "k", 1, MSG_NOSIGNAL);
        at += found.head + found.length, left -= found.head + found.length;
    }
}

static void greet(int fd) {
    static const char answer[] =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
    upgraded[fd] = 1, sockets[count++] = fd;
}

int main(int given, char **words) {
    if (given != 3) return 2;
    allow_sockets();
    memset(out + 4, 'x', SIZE);
    int epoll = epoll_create1(0), fd = listening(atoi(words[1])), orders = listening(atoi(words[2]));
    kind[fd] = LISTENER, kind[orders] = ORDERS_LISTENER;
    watch(epoll, fd, EPOLLIN, fd, EPOLL_CTL_ADD);
    watch(epoll, orders, EPOLLIN, orders, EPOLL_CTL_ADD);
    puts("ready"), fflush(stdout);
    static struct epoll_event events[512];
    static unsigned char bytes[READ];
    for (;;) {
        int some = epoll_wait(epoll, events, 512, -1);
        for (int k = 0; k < some; k++) {
            int from = events[k].data.u32, yes = 1;
            if (kind[from] <= ORDERS_LISTENER) {
                int one = accept4(from, NULL, NULL, SOCK_NONBLOCK);
                if (one < 0 || one >= MOST) continue;
                setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                kind[one] = kind[from] + 2, upgraded[one] = 0;
                if (kind[one] == ORDERS) told = one;
                watch(epoll, one, EPOLLIN, one, EPOLL_CTL_ADD);
                continue;
            }
            ssize_t taken = recv(from, bytes, READ, 0);
            if (taken < 0 && errno == EAGAIN) continue;
            if (taken <= 0) leave(epoll, from);
            else if (kind[from] == ORDERS) for (ssize_t i = 0; i < taken; i++) fan_out();
            else if (!upgraded[from]) greet(from);
            else hear(bytes, taken);
        }
    }
}
