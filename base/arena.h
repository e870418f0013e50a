/*
 * Memory with one lifespan: everything of one document or one request comes
 * from one arena and goes with it. Blocks are zeroed, aligned for any type,
 * never moved, never freed singly. Out of memory ends the process; hostile
 * sizes are stopped before by budgets. Not for use by two threads at once.
 */
#ifndef MUD_BASE_ARENA_H
#define MUD_BASE_ARENA_H

#include <stddef.h>

struct mud_arena { /* all of it for arena.c and the inline functions alone */
    char *next;    /* free room of the head; zeroed, aligned */
    size_t left;   /* bytes of it */
    size_t before; /* bytes handed out of other blocks than the head */
    size_t size;   /* of the next chunk */
    struct mud_arena_chunk *head; /* the one that is being filled */
};

struct mud_arena *mud_arena_new(void);
void mud_arena_free(struct mud_arena *arena); /* NULL is fine */
/* The same, and all that was in it overwritten: for secrets. */
void mud_arena_wipe(struct mud_arena *arena);

/* Forget all blocks but keep (some) memory for the next document. */
void mud_arena_reset(struct mud_arena *arena);

/* Bytes handed out since the last reset, for budgets. */
size_t mud_arena_used(const struct mud_arena *arena);

/* What mud_arena_alloc does when the head has not the room. */
void *mud_arena_alloc_more(struct mud_arena *arena, size_t n);

/* n zeroed bytes; n may be 0 (the pointer is then valid but empty). */
static inline void *mud_arena_alloc(struct mud_arena *arena, size_t n)
{
    size_t room;
    char *block = arena->next;

    if (n >= arena->left)
        return mud_arena_alloc_more(arena, n);
    room = (n + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
    arena->next += room;
    arena->left -= room; /* a multiple of the alignment, too */
    return block;
}

/* count * size zeroed bytes; aborts if that overflows. */
void *mud_arena_array(struct mud_arena *arena, size_t count, size_t size);

/* A copy of n bytes with a NUL behind it (not counted). */
char *mud_arena_dup(struct mud_arena *arena, const void *s, size_t n);

/* What mud_arena_grow does when there is no room yet. */
void *mud_arena_grow_more(struct mud_arena *arena, void *items, size_t *cap,
                          size_t need, size_t size);

/*
 * Make room for item number `need` (so need + 1 items) in a growing array of
 * items of `size` bytes that lives in arena. *cap counts items. Returns the
 * array, which may have moved; new room is zeroed.
 */
static inline void *mud_arena_grow(struct mud_arena *arena, void *items,
                                   size_t *cap, size_t need, size_t size)
{
    return need < *cap ? items
                       : mud_arena_grow_more(arena, items, cap, need, size);
}

#endif
