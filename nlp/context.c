#include "nlp/context.h"

#include <stdlib.h>

#include "base/hash.h"

struct thread {
    uint64_t key, used;
    struct mud_context_post *posts; /* a ring of MUD_CONTEXT_POSTS at most */
    size_t n, next;
};

struct mud_context {
    struct thread threads[MUD_CONTEXT_THREADS];
    size_t n;
    uint64_t clock;
};

struct mud_context *mud_context_new(void)
{
    return mud_calloc(1, sizeof(struct mud_context));
}

void mud_context_free(struct mud_context *context)
{
    if (!context)
        return;
    for (size_t i = 0; i < context->n; i++)
        free(context->threads[i].posts);
    free(context);
}

static uint64_t key_of(struct mud_str s)
{
    return s.n ? mud_hash64(s.s, s.n) | 1 : 0;
}

static uint64_t author_of(const struct mud_message *m)
{
    return key_of(m->author_id.n ? m->author_id : m->author);
}

static const struct thread *find(const struct mud_context *c, uint64_t key)
{
    for (size_t i = 0; i < c->n; i++) {
        if (c->threads[i].key == key)
            return &c->threads[i];
    }
    return NULL;
}

/* Post number i of a thread, newest first. */
static const struct mud_context_post *post_at(const struct thread *t, size_t i)
{
    return &t->posts[(t->next + MUD_CONTEXT_POSTS - 1 - i) % MUD_CONTEXT_POSTS];
}

const struct mud_context_post *mud_context_about(
    const struct mud_context *context, const struct mud_message *message,
    bool *same_author)
{
    const struct thread *t = message->thread.n || message->reply_to.n
                                 ? find(context, key_of(message->thread))
                                 : NULL; /* lines of a file are no thread */
    uint64_t reply = key_of(message->reply_to), author = author_of(message);
    const struct mud_context_post *p;

    if (!t || t->n == 0)
        return NULL;
    for (size_t i = 0; reply && i < t->n; i++) {
        p = post_at(t, i);
        if (p->id == reply) {
            *same_author = author && p->author == author;
            return p->category != MUD_CAT_BENIGN ? p : NULL;
        }
    }
    for (size_t i = 0; author && i < t->n; i++) {
        p = post_at(t, i);
        if (p->author == author && p->offer) {
            *same_author = true;
            return p;
        }
    }
    p = post_at(t, 0);
    *same_author = author && p->author == author;
    return p->category != MUD_CAT_BENIGN &&
                   (p->asks || (p->offer && p->direction == MUD_DIR_BUY))
               ? p
               : NULL;
}

static struct thread *thread_for(struct mud_context *c, uint64_t key)
{
    struct thread *oldest = &c->threads[0];

    for (size_t i = 0; i < c->n; i++) {
        if (c->threads[i].key == key)
            return &c->threads[i];
        if (c->threads[i].used < oldest->used)
            oldest = &c->threads[i];
    }
    if (c->n < MUD_CONTEXT_THREADS)
        oldest = &c->threads[c->n++];
    oldest->key = key;
    oldest->n = oldest->next = 0;
    return oldest;
}

void mud_context_add(struct mud_context *context,
                     const struct mud_message *message,
                     struct mud_context_post post)
{
    struct thread *t = thread_for(context, key_of(message->thread));

    if (!t->posts)
        t->posts = mud_calloc(MUD_CONTEXT_POSTS, sizeof *t->posts);
    post.id = key_of(message->id);
    post.author = author_of(message);
    t->used = ++context->clock;
    t->posts[t->next] = post;
    t->next = (t->next + 1) % MUD_CONTEXT_POSTS;
    if (t->n < MUD_CONTEXT_POSTS)
        t->n++;
}
