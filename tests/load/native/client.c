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
 *     apart COUNT                the first so many sockets are read before the others, and no part of "fan"
 *     alert ROUNDS HEX           those bytes ask for a frame to each socket apart; in each round once while
 *                                nothing else happens, and once while a publication is on its way
 *     narrow COUNT               (before "open") the first so many have the buffers of a phone on a poor line
 *     stuck COUNT                the first so many are not read any more
 *     pong                       they answer pings that they have not read
 *     ends CODE                  they are read again: how many were closed with this code, how many otherwise
 *
 * It polls without sleeping while it measures, so that waking it costs the server nothing; "idle" is the
 * share of that time in which nothing had come: near 0, the client would be what is measured.
 */

#include "sockets.h"
#include "spent.h"

enum { ROUNDS = 1024 };

/* Where publications are asked for, what is said there first, and what asks for one. */
static int orders = -1, orders_port;
static unsigned char hello[SAID], order[SAID * 2];
static size_t hello_length, order_length;

static void open_many(int count, int window) {
    int next = total;
    long had = opened, had_gone = gone, before_kib = resident_kib();
    double spent = spent_ns(), began = now_s();
    total += count, ones = realloc(ones, total * sizeof *ones);
    memset(ones + next, 0, count * sizeof *ones);
    while (opened + gone < total) {
        for (; next < total && next - opened - gone < window; next++) connect_one(next);
        if (!pump(1000) && now_s() - began > 90) break;
    }
    double took = now_s() - began, until_s = now_s() + 0.6;
    while (now_s() < until_s) pump(50);
    long more = opened - had;
    printf("{\"opened\":%ld,\"lost\":%ld,\"seconds\":%.4f,\"cpu_us_each\":%.2f,\"bytes_each\":%.0f}\n", more,
           gone - had_gone, took, (spent_ns() - spent) / 1e3 / more,
           (resident_kib() - before_kib) * 1024.0 / more);
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

/* What is measured next begins when the server has come to rest. */
static void rest(double seconds) {
    double end = now_s() + seconds, ignored = 0;
    while (recv(orders, bytes, READ, MSG_DONTWAIT) > 0) {}
    while (now_s() < end) spin(end - now_s(), &ignored);
}

static void list(const char *name, const double *values, int count) {
    printf("\"%s\":[", name);
    for (int i = 0; i < count; i++) printf("%s%.3f", i ? "," : "", values[i]);
    printf("],");
}

static void fan(int rounds, int burst) {
    call_orders();
    double idle = 0, spent = spent_ns(), user = user_s(), busy = 0, ms[ROUNDS], nearly_ms[ROUNDS];
    long before = units, missing = 0;
    int round = 0;
    for (; round < rounds && round < ROUNDS && !missing; round++) {
        long all = (opened - apart - stuck) * (long)burst, want = units + all;
        double start = now_s();
        mark = units + (all * 99 + 99) / 100;
        for (int i = 0; i < burst; i++) write_all(orders, order, order_length);
        while (units < want && now_s() - start < 10) spin(0.5, &idle);
        missing += units < want ? want - units : 0;
        ms[round] = (now_s() - start) * 1e3, nearly_ms[round] = (marked - start) * 1e3;
        busy += ms[round] / 1e3;
        rest(0.003);
    }
    usleep(30000);
    double each = units - before ? (units - before) / 1e6 : 1;
    printf("{");
    list("ms", ms, round), list("nearly_ms", nearly_ms, round);
    printf("\"missing\":%ld,\"cpu_us\":%.4f,\"user_us\":%.4f,\"idle\":%.4f}\n", missing,
           (spent_ns() - spent) / 1e9 / each, (user_s() - user) / each, idle / busy);
}

/* Milliseconds from an order until each socket apart was told, after those of earlier orders. */
static int alert(const unsigned char *said, size_t length, long want, double *ms, int count, double *idle) {
    double start = now_s();
    told = 0;
    write_all(orders, said, length);
    while ((told < apart || units < want) && now_s() - start < 10) spin(0.5, idle);
    for (int i = 0; i < told; i++) ms[count++] = (told_at[i] - start) * 1e3;
    return count;
}

static void alerts(int rounds, const char *hex) {
    unsigned char said[SAID];
    size_t length = from_hex(hex, said);
    double *quiet = calloc(rounds * apart, sizeof *quiet), *busy = calloc(rounds * apart, sizeof *busy);
    double idle = 0, began, took = 0, ignored = 0;
    int quiets = 0, busies = 0, late = 0;
    long missing = 0;
    call_orders();
    for (int round = 0; round < rounds && !missing && quiets == round * apart && busies == quiets; round++) {
        quiets = alert(said, length, units, quiet, quiets, &ignored);
        rest(0.02);
        /* The alert is asked for when up to three quarters of the others have been told. */
        long all = opened - apart - stuck, want = units + all, from = units + all * 3 / 4 * round / rounds;
        began = now_s();
        write_all(orders, order, order_length);
        while (units <= from && now_s() - began < 10) spin(0.5, &idle);
        late += units >= want;
        busies = alert(said, length, want, busy, busies, &idle);
        took += now_s() - began, missing += want - units;
        rest(0.02);
    }
    printf("{");
    list("quiet_ms", quiet, quiets), list("busy_ms", busy, busies);
    printf("\"late\":%d,\"missing\":%ld,\"idle\":%.4f}\n", late, missing, idle / took);
    free(quiet), free(busy);
}

static void read_first(int count) {
    apart = count < APART ? count : APART, first_read = epoll_create1(0);
    for (int i = 0; i < apart; i++) {
        epoll_ctl(epoll, EPOLL_CTL_DEL, ones[i].fd, NULL);
        watch(first_read, ones[i].fd, EPOLLIN, i, EPOLL_CTL_ADD);
    }
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

static void leave_unread(int count) {
    for (stuck = 0; stuck < count && stuck < total; stuck++)
        if (ones[stuck].state == OPEN) epoll_ctl(epoll, EPOLL_CTL_DEL, ones[stuck].fd, NULL);
}

static void answer_unread(void) {
    for (int i = 0; i < stuck; i++)
        if (ones[i].state == OPEN) say(ones[i].fd, TEXT, "{}", 2);
}

static void read_again(int code) {
    int closed = 0, otherwise = 0, count = stuck;
    for (int i = 0; i < count; i++)
        if (ones[i].state == OPEN) watch(epoll, ones[i].fd, EPOLLIN, i, EPOLL_CTL_ADD);
    stuck = 0;
    for (double end = now_s() + 3; now_s() < end;) pump(100);
    for (int i = 0; i < count; i++)
        if (ones[i].state == GONE) closed += ones[i].code == code, otherwise += ones[i].code != code;
    printf("{\"closed\":%d,\"otherwise\":%d}\n", closed, otherwise);
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
    if (word && !strcmp(word, "pong")) answer_unread();
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
    } else if (!strcmp(word, "narrow")) {
        narrow = atoi(first);
    } else if (!strcmp(word, "stuck")) {
        leave_unread(atoi(first));
    } else if (!strcmp(word, "ends")) {
        read_again(atoi(first));
    } else if (!strcmp(word, "apart")) {
        read_first(atoi(first));
    } else if (!strcmp(word, "alert") && second) {
        alerts(atoi(first), second);
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
