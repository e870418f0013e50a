#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define CHUNK_FIRST ((size_t)4 << 10)
#define CHUNK_MOST  ((size_t)1 << 20)

/* Each block a malloc block that ends where it ends: ASan sees overruns. */
#ifdef MUD_ARENA_DEBUG
#    define EACH_ALONE 1
#else
#    define EACH_ALONE 0
#endif

struct mud_arena_chunk {
    struct mud_arena_chunk *next;
    size_t cap;
    _Alignas(max_align_t) char data[]; /* all zero from arena->next on */
};

static struct mud_arena_chunk *chunk_new(size_t cap)
{
    struct mud_arena_chunk *chunk;

    if (cap > SIZE_MAX / 2)
        mud_out_of_memory();
    chunk = mud_calloc(1, sizeof(*chunk) + cap);
    chunk->cap = cap;
    return chunk;
}

struct mud_arena *mud_arena_new(void)
{
    struct mud_arena *arena = mud_calloc(1, sizeof(*arena));

    arena->size = CHUNK_FIRST;
    return arena;
}

static void chunks_free(struct mud_arena_chunk *chunk)
{
    while (chunk) {
        struct mud_arena_chunk *next = chunk->next;

        free(chunk);
        chunk = next;
    }
}

void mud_arena_free(struct mud_arena *arena)
{
    if (!arena)
        return;
    chunks_free(arena->head);
    free(arena);
}

void mud_arena_wipe(struct mud_arena *arena)
{
    if (!arena)
        return;
    for (struct mud_arena_chunk *chunk = arena->head; chunk;
         chunk = chunk->next)
        explicit_bzero(chunk->data, chunk->cap);
    mud_arena_free(arena);
}

/* Bytes handed out of the head. */
static size_t head_used(const struct mud_arena *arena)
{
    return arena->head ? (size_t)(arena->next - arena->head->data) : 0;
}

void mud_arena_reset(struct mud_arena *arena)
{
    struct mud_arena_chunk *keep = arena->head;
    size_t used = head_used(arena);

    if (keep && (EACH_ALONE || keep->cap > CHUNK_MOST))
        keep = NULL;
    chunks_free(keep ? keep->next : arena->head);
    arena->head = keep;
    arena->next = NULL;
    arena->left = arena->before = 0;
    if (!keep)
        return;
    keep->next = NULL;
    memset(keep->data, 0, used);
    arena->next = keep->data;
    arena->left = keep->cap & ~(_Alignof(max_align_t) - 1);
}

size_t mud_arena_used(const struct mud_arena *arena)
{
    return arena->before + head_used(arena);
}

/* A block of its own: behind the head, which still has room. */
static void *alloc_single(struct mud_arena *arena, size_t n)
{
    struct mud_arena_chunk *chunk = chunk_new(n);

    if (arena->head) {
        arena->before += n;
        chunk->next = arena->head->next;
        arena->head->next = chunk;
    } else {
        arena->head = chunk;
        arena->next = chunk->data + n; /* no room is left */
    }
    return chunk->data;
}

void *mud_arena_alloc_more(struct mud_arena *arena, size_t n)
{
    struct mud_arena_chunk *head;

    if (EACH_ALONE || n > CHUNK_MOST / 4)
        return alloc_single(arena, n);
    while (arena->size <= n)
        arena->size *= 2;
    head = chunk_new(arena->size);
    arena->before += head_used(arena);
    head->next = arena->head;
    arena->head = head;
    arena->next = head->data;
    arena->left = head->cap;
    if (arena->size < CHUNK_MOST)
        arena->size *= 2;
    return mud_arena_alloc(arena, n);
}

void *mud_arena_array(struct mud_arena *arena, size_t count, size_t size)
{
    size_t n;

    if (__builtin_mul_overflow(count, size, &n))
        mud_out_of_memory();
    return mud_arena_alloc(arena, n);
}

char *mud_arena_dup(struct mud_arena *arena, const void *s, size_t n)
{
    char *copy;

    if (n == SIZE_MAX)
        mud_out_of_memory();
    copy = mud_arena_alloc(arena, n + 1);
    if (n)
        memcpy(copy, s, n);
    return copy;
}

/* Longer where it lies, when items is the last block of the head. */
static bool extend(struct mud_arena *arena, const void *items, size_t old,
                   size_t n)
{
    if (EACH_ALONE || !old || old % _Alignof(max_align_t) ||
        (const char *)items + old != arena->next || arena->left < n - old)
        return false;
    n = (n - old + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);
    arena->next += n;
    arena->left -= n;
    return true;
}

void *mud_arena_grow_more(struct mud_arena *arena, void *items, size_t *cap,
                          size_t need, size_t size)
{
    size_t more = *cap ? *cap : 8;
    size_t n;
    void *moved;

    while (more <= need)
        if (__builtin_mul_overflow(more, 2, &more))
            mud_out_of_memory();
    if (__builtin_mul_overflow(more, size, &n) || n > SIZE_MAX / 2)
        mud_out_of_memory();
    if (extend(arena, items, *cap * size, n)) {
        *cap = more;
        return items;
    }
    moved = mud_arena_alloc(arena, n);
    if (*cap)
        memcpy(moved, items, *cap * size);
    *cap = more;
    return moved;
}
