/* Makes the events of one alert each: markers DIRECTORY FIRST COUNT RATE

   Creates and removes DIRECTORY/marker-FIRST and so on, COUNT files, RATE of them a second (0: as fast as it can). Prints
   for each the time right after the open returned, nanoseconds since the epoch, when MARKER_TIMES is set. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count != 5) return 2;
    long first = atol(arguments[2]), files = atol(arguments[3]);
    double rate = atof(arguments[4]);
    int is_timed = getenv("MARKER_TIMES") != NULL;
    struct timespec begin, next, now;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (long index = 0; index < files; index++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/marker-%ld", arguments[1], first + index);
        int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (is_timed) {
            clock_gettime(CLOCK_REALTIME, &now);
            printf("%ld %lld\n", first + index, now.tv_sec * 1000000000LL + now.tv_nsec);
        }
        if (descriptor < 0) {
            perror(path);
            return 1;
        }
        close(descriptor);
        unlink(path);
        if (rate > 0) {
            double due = (index + 1) / rate;
            next.tv_sec = begin.tv_sec + (time_t)due;
            next.tv_nsec = begin.tv_nsec + (long)((due - (time_t)due) * 1e9);
            if (next.tv_nsec >= 1000000000) {
                next.tv_sec++;
                next.tv_nsec -= 1000000000;
            }
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
        }
    }
    return 0;
}
