/* What the server has spent: processor and memory of its processes, as /proc tells. */

enum { IDS = 16 };

static int pids[IDS], pid_count;

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
