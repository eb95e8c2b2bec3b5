/* Thousands of WebSockets in one thread: opened, greeted, listened to; what the server spent meanwhile.
 *
 *     client PORT PATH SUBPROTOCOL PIDS
 *
 * SUBPROTOCOL may be "-"; PIDS, joined by commas, are the server's processes. Orders come as lines on
 * standard input, and each that measures is answered by one line of JSON on standard output:
 *
 *     greet text|binary HEX      every socket says this once it is upgraded (several: in this order)
 *     greetings FILE             every socket says its own line of this file first; a tab is a line break
 *     until TEXT                 a socket is open when a frame with this text has come
 *     orders PORT                where what is published is asked for, over plain TCP
 *     hello HEX                  those bytes are said there first (before "orders")
 *     order HEX                  the bytes that ask for one publication
 *     open COUNT WINDOW          so many sockets, so many at a time
 *     fan ROUNDS BURST SIZE      ROUNDS times BURST publications of SIZE bytes, each to every socket
 *     ingest COUNT FLIGHT HEX,HEX   every socket in turn says one text, then the other, COUNT times in all
 *                                (whole thousands), FLIGHT at most not yet taken
 *
 * It polls without sleeping while it measures, so that waking it costs the server nothing; "idle" is the
 * share of that time in which nothing had come: near 0, the client would be what is measured.
 */

#include "common.h"

enum { READ = 262144, CARRY = 16384, GREETINGS = 8, SAID = 2048, IDS = 16 };
enum state { CONNECTING, UPGRADING, GREETED, OPEN, GONE };

struct one {
    int fd;
    enum state state;
    size_t carried;
    unsigned char *carry;
};

static struct one *ones;
static const char *path, *subprotocol, *until = "";
static int port, epoll, total, orders = -1, pids[IDS], pid_count;
static long opened, gone, units;
static size_t size = 300;
static unsigned char bytes[READ + CARRY];
static struct { int opcode; size_t length; unsigned char said[SAID]; } greetings[GREETINGS];
static int greeting_count, orders_port;
static unsigned char hello[SAID];
static size_t hello_length;
static char **own;
static unsigned char order[SAID * 2];
static size_t order_length;

static size_t from_hex(const char *hex, unsigned char *out) {
    size_t length = 0;
    for (unsigned value; sscanf(hex, "%2x", &value) == 1; hex += 2) out[length++] = value;
    return length;
}

/* Nanoseconds of processor that the server's threads have had. */
static double spent_ns(void) {
    double sum = 0;
    for (int i = 0; i < pid_count; i++) {
        char name[320];
        snprintf(name, sizeof name, "/proc/%d/task", pids[i]);
        DIR *tasks = opendir(name);
        for (struct dirent *task; tasks && (task = readdir(tasks));) {
            if (*task->d_name == '.') continue;
            snprintf(name, sizeof name, "/proc/%d/task/%s/schedstat", pids[i], task->d_name);
            FILE *file = fopen(name, "r");
            unsigned long long ran = 0;
            if (file && fscanf(file, "%llu", &ran) == 1) sum += ran;
            if (file) fclose(file);
        }
        if (tasks) closedir(tasks);
    }
    return sum;
}

/* Seconds that it spent in its own code, not in the kernel's; in hundredths. */
static double user_s(void) {
    double sum = 0;
    for (int i = 0; i < pid_count; i++) {
        char name[64], text[1024];
        snprintf(name, sizeof name, "/proc/%d/stat", pids[i]);
        FILE *file = fopen(name, "r");
        if (!file) continue;
        text[fread(text, 1, sizeof text - 1, file)] = 0;
        fclose(file);
        unsigned long user = 0;
        char *after = strrchr(text, ')');
        if (after) sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu", &user);
        sum += user;
    }
    return sum / sysconf(_SC_CLK_TCK);
}

static long resident_kib(void) {
    long sum = 0, value;
    for (int i = 0; i < pid_count; i++) {
        char name[64], line[256];
        snprintf(name, sizeof name, "/proc/%d/status", pids[i]);
        FILE *file = fopen(name, "r");
        while (file && fgets(line, sizeof line, file))
            if (sscanf(line, "VmRSS: %ld", &value) == 1) sum += value;
        if (file) fclose(file);
    }
    return sum;
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
            lose(it);
            return;
        } else if (it->state == GREETED && memmem(payload, found.length, until, strlen(until))) {
            it->state = OPEN, opened++;
        } else if (found.length >= size) {
            units += found.length / size;
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

static int pump(int wait_ms) {
    static struct epoll_event events[1024];
    int some = epoll_wait(epoll, events, 1024, wait_ms);
    for (int i = 0; i < some; i++) take(events[i].data.u32);
    return some;
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

static void open_many(int count, int window) {
    ones = calloc(count, sizeof *ones), total = count;
    long before_kib = resident_kib();
    double spent = spent_ns(), began = now_s();
    int next = 0;
    while (opened + gone < count) {
        for (; next < count && next - opened - gone < window; next++) connect_one(next);
        if (!pump(1000) && now_s() - began > 90) break;
    }
    double took = now_s() - began, until_s = now_s() + 0.6;
    while (now_s() < until_s) pump(50);
    printf("{\"opened\":%ld,\"lost\":%ld,\"seconds\":%.4f,\"cpu_us_each\":%.2f,\"bytes_each\":%.0f}\n", opened,
           gone, took, (spent_ns() - spent) / 1e3 / opened, (resident_kib() - before_kib) * 1024.0 / opened);
}

/* Where orders go; a server may have closed a line that was idle. */
static void call_orders(void) {
    struct sockaddr_in to = loopback(orders_port);
    int yes = 1;
    if (orders >= 0 && recv(orders, bytes, READ, MSG_DONTWAIT | MSG_PEEK)) return;
    if (orders >= 0) close(orders);
    orders = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(orders, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(orders, (void *)&to, sizeof to)) stop("orders");
    write_all(orders, hello, hello_length);
}

static void fan(int rounds, int burst) {
    call_orders();
    double idle = 0, spent = spent_ns(), user = user_s(), busy = 0;
    long before = units, missing = 0;
    printf("{\"ms\":[");
    for (int round = 0; round < rounds && !missing; round++) {
        long want = units + opened * (long)burst;
        double start = now_s();
        for (int i = 0; i < burst; i++) write_all(orders, order, order_length);
        while (units < want && now_s() - start < 10) spin(0.5, &idle);
        missing += units < want ? want - units : 0;
        busy += now_s() - start;
        printf("%s%.3f", round ? "," : "", (now_s() - start) * 1e3);
        double rest = 0;
        while (recv(orders, bytes, READ, MSG_DONTWAIT) > 0) {}
        spin(0.003, &rest);
    }
    usleep(30000);
    double each = units - before ? (units - before) / 1e6 : 1;
    printf("],\"missing\":%ld,\"cpu_us\":%.4f,\"user_us\":%.4f,\"idle\":%.4f}\n", missing,
           (spent_ns() - spent) / 1e9 / each, (user_s() - user) / each, idle / busy);
}

/* The server tells each thousand that it has taken by a byte where orders go. */
static void ingest(long count, long flight, const char *hex) {
    unsigned char text[SAID], out[2][SAID + 16];
    size_t length[2];
    const char *other = strchr(hex, ',');
    for (int i = 0; i < 2; i++)
        length[i] = frame(out[i], TEXT, text, from_hex(i && other ? other + 1 : hex, text));
    call_orders();
    double idle = 0, spent = spent_ns(), user = user_s(), began = now_s();
    long sent = 0, taken = 0;
    int number = 0;
    while (taken < count && now_s() - began < 60) {
        for (; sent < count && sent - taken < flight; number = (number + 1) % total) {
            int which = sent / total & 1;
            if (ones[number].state == OPEN) write_all(ones[number].fd, out[which], length[which]), sent++;
        }
        spin(0.0002, &idle);
        ssize_t told = recv(orders, bytes, READ, MSG_DONTWAIT);
        taken += told > 0 ? told * 1000 : 0;
    }
    double took = now_s() - began;
    printf("{\"taken\":%ld,\"seconds\":%.4f,\"cpu_us\":%.4f,\"user_us\":%.4f,\"idle\":%.4f}\n", taken, took,
           (spent_ns() - spent) / 1e3 / taken, (user_s() - user) * 1e6 / taken, idle / took);
}

static void read_own(const char *name) {
    FILE *file = fopen(name, "r");
    char *line = NULL;
    size_t room = 0, count = 0;
    if (!file) stop(name);
    for (ssize_t length; (length = getline(&line, &room, file)) > 0; line = NULL) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        for (char *tab; (tab = strchr(line, '\t'));) *tab = '\n';
        own = realloc(own, (count + 1) * sizeof *own), own[count++] = line;
    }
    fclose(file);
}

static void obey(char *line) {
    char *word = strtok(line, " \n"), *first = strtok(NULL, " \n"), *second = strtok(NULL, " \n");
    char *third = strtok(NULL, " \n");
    if (!word || !first) return;
    if (!strcmp(word, "greet") && second && greeting_count < GREETINGS) {
        greetings[greeting_count].opcode = *first == 't' ? TEXT : BINARY;
        greetings[greeting_count].length = from_hex(second, greetings[greeting_count].said);
        greeting_count++;
    } else if (!strcmp(word, "greetings")) {
        read_own(first);
    } else if (!strcmp(word, "until")) {
        until = strdup(first);
    } else if (!strcmp(word, "orders")) {
        orders_port = atoi(first), call_orders();
    } else if (!strcmp(word, "hello")) {
        hello_length = from_hex(first, hello);
    } else if (!strcmp(word, "order")) {
        order_length = from_hex(first, order);
    } else if (!strcmp(word, "open") && second) {
        open_many(atoi(first), atoi(second));
    } else if (!strcmp(word, "fan") && third) {
        size = atoi(third), fan(atoi(first), atoi(second));
    } else if (!strcmp(word, "ingest") && third) {
        ingest(atol(first), atol(second), third);
    }
    fflush(stdout);
}

int main(int given, char **words) {
    if (given != 5) return 2;
    allow_sockets();
    port = atoi(words[1]), path = words[2], subprotocol = words[3];
    for (char *id = strtok(words[4], ","); id && pid_count < IDS; id = strtok(NULL, ",")) pids[pid_count++] = atoi(id);
    epoll = epoll_create1(0);
    /* Between orders it still answers pings. */
    fcntl(0, F_SETFL, O_NONBLOCK);
    static char text[65536];
    for (size_t kept = 0;;) {
        ssize_t taken = read(0, text + kept, sizeof text - 1 - kept);
        if (!taken) return 0;
        if (taken < 0) {
            pump(20);
            continue;
        }
        text[kept += taken] = 0;
        for (char *end; (end = strchr(text, '\n'));) {
            *end = 0, obey(text);
            memmove(text, end + 1, kept - (end - text)), kept -= end + 1 - text;
        }
    }
}
