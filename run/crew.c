#include "run/crew.h"

#include "base/log.h"
#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define TURN_US   100000             /* between two looks */
#define LAST_WORD (30 * MUD_SECOND)  /* to end by itself */
#define LONG_LIFE (300 * MUD_SECOND) /* after it a death is the first again */
#define DELAY_MAX 60                 /* s until one is started again */

struct member {
    struct mud_crew_part part;
    pid_t pid;       /* 0: not alive */
    int64_t started; /* monotonic */
    int64_t again;   /* start it no sooner */
    unsigned deaths; /* in a row */
    bool stays;      /* from the start to the end */
    bool wanted;
    bool told; /* to stop */
};

struct state {
    const struct mud_crew *crew;
    struct member members[MUD_CREW_MAX];
    size_t n;
    int64_t asked; /* for more */
};

static bool stopped(const struct state *state)
{
    return state->crew->stop && *state->crew->stop;
}

/* Never returns. Without its parent a child has no reason to be. */
static void be_child(const struct state *state, const struct member *member,
                     pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        exit(0);
    exit(member->part.run(&member->part, state->crew->payload));
}

static bool start(struct state *state, struct member *member,
                  struct mud_error *err)
{
    pid_t parent = getpid();

    (void)fflush(NULL);
    member->pid = fork();
    if (member->pid == 0)
        be_child(state, member, parent);
    if (member->pid < 0) {
        member->pid = 0;
        return mud_fail_errno(err, MUD_EIO, "start %s", member->part.name);
    }
    member->started = mud_monotonic();
    member->told = false;
    return true;
}

static void tell_to_stop(struct member *member, int signal)
{
    member->told = true;
    (void)kill(member->pid, signal);
}

/* How it ended, and when it may begin again. */
static void bury(struct member *member, int status)
{
    int64_t now = mud_monotonic();
    unsigned delay = 1;

    member->pid = 0;
    if (member->told || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
        member->deaths = 0;
        member->again = now;
        member->wanted = member->stays;
        return;
    }
    if (now - member->started > LONG_LIFE)
        member->deaths = 0;
    for (unsigned i = 0; i < member->deaths && delay < DELAY_MAX; i++)
        delay *= 2;
    delay = delay > DELAY_MAX ? DELAY_MAX : delay;
    member->deaths++;
    member->again = now + delay * MUD_SECOND;
    if (WIFSIGNALED(status))
        mud_log(MUD_LOG_ERROR,
                NULL,
                "%s was killed by signal %d; again in %u s",
                member->part.name,
                WTERMSIG(status),
                delay);
    else
        mud_log(MUD_LOG_WARN,
                NULL,
                "%s ended with %d; again in %u s",
                member->part.name,
                WEXITSTATUS(status),
                delay);
}

static void reap(struct state *state)
{
    for (size_t i = 0; i < state->n; i++) {
        struct member *member = &state->members[i];
        int status;

        if (member->pid &&
            waitpid(member->pid, &status, WNOHANG) == member->pid)
            bury(member, status);
    }
}

static struct member *member_of(struct state *state, const char *name)
{
    for (size_t i = 0; i < state->n; i++)
        if (strcmp(state->members[i].part.name, name) == 0)
            return &state->members[i];
    return NULL;
}

static void want(struct state *state, const struct mud_crew_part *part,
                 bool stays)
{
    struct member *member = member_of(state, part->name);

    if (!member && state->n == MUD_CREW_MAX)
        return;
    if (!member) {
        member = &state->members[state->n++];
        *member = (struct member){.part = *part, .stays = stays};
    }
    member->wanted = true;
}

/* Gone ones that nobody wants make room. */
static void forget(struct state *state)
{
    for (size_t i = 0; i < state->n; i++) {
        const struct member *member = &state->members[i];
        if (!member->stays && !member->wanted && !member->pid)
            state->members[i--] = state->members[--state->n];
    }
}

static void ask_for_more(struct state *state)
{
    const struct mud_crew *crew = state->crew;
    struct mud_crew_part *parts;
    int64_t now = mud_monotonic();
    size_t n = 0;

    if (!crew->more ||
        (state->asked && now - state->asked < crew->more_seconds * MUD_SECOND))
        return;
    state->asked = now;
    parts = mud_calloc(MUD_CREW_MAX, sizeof *parts);
    for (size_t i = 0; i < state->n; i++)
        if (!state->members[i].stays && state->members[i].pid)
            parts[n++] = state->members[i].part;
    if (crew->more(parts, &n, MUD_CREW_MAX - crew->n_parts, crew->payload)) {
        for (size_t i = 0; i < state->n; i++)
            if (!state->members[i].stays)
                state->members[i].wanted = false;
        for (size_t i = 0; i < n; i++)
            want(state, &parts[i], false);
        forget(state);
    }
    free(parts);
}

static bool start_and_stop(struct state *state, struct mud_error *err)
{
    int64_t now = mud_monotonic();

    for (size_t i = 0; i < state->n; i++) {
        struct member *member = &state->members[i];

        if (member->wanted && !member->pid && now >= member->again &&
            !start(state, member, err))
            return false;
        if (!member->wanted && member->pid && !member->told)
            tell_to_stop(member, SIGTERM);
    }
    return true;
}

static bool any_alive(const struct state *state)
{
    for (size_t i = 0; i < state->n; i++)
        if (state->members[i].pid)
            return true;
    return false;
}

static void signal_all(struct state *state, int signal)
{
    for (size_t i = 0; i < state->n; i++)
        if (state->members[i].pid)
            tell_to_stop(&state->members[i], signal);
}

static void end_all(struct state *state)
{
    int64_t until = mud_monotonic() + LAST_WORD;

    signal_all(state, SIGTERM);
    while (any_alive(state)) {
        usleep(TURN_US / 4);
        reap(state);
        if (mud_monotonic() < until)
            continue;
        mud_log(MUD_LOG_WARN, NULL, "what did not end by itself is killed");
        signal_all(state, SIGKILL);
        until = INT64_MAX;
    }
}

bool mud_crew_run(const struct mud_crew *crew, struct mud_error *err)
{
    struct state *state = mud_calloc(1, sizeof *state);
    bool good = true;

    state->crew = crew;
    for (size_t i = 0; i < crew->n_parts; i++)
        want(state, &crew->parts[i], true);
    while (good && !stopped(state)) {
        ask_for_more(state);
        good = start_and_stop(state, err);
        usleep(TURN_US);
        reap(state);
    }
    end_all(state);
    free(state);
    return good;
}
