#include "graph/fill.h"

#include "base/hash.h"

#define ALIKE_MIN 3 /* posts; two of one author are no wonder */

const char *mud_fill_name(int field)
{
    static const char *const names[MUD_FILL_FIELDS] = {"post",
                                                       "author",
                                                       "author_id",
                                                       "time",
                                                       "body",
                                                       "position",
                                                       "quotes",
                                                       "signature",
                                                       "links",
                                                       "images",
                                                       "attachments"};

    return field >= 0 && field < MUD_FILL_FIELDS ? names[field] : "";
}

static void see(struct mud_fill *fill, enum mud_fill_field field,
                const void *value, size_t n)
{
    uint64_t hash = mud_hash64(value, n);

    if (!fill->filled[field]++)
        fill->first[field] = hash;
    else if (fill->first[field] != hash)
        fill->other |= 1U << field;
}

static void text(struct mud_fill *fill, enum mud_fill_field field,
                 struct mud_str s)
{
    if (s.n)
        see(fill, field, s.s, s.n);
}

static void number(struct mud_fill *fill, enum mud_fill_field field, int64_t n)
{
    if (n)
        see(fill, field, &n, sizeof(n));
}

void mud_fill_post(struct mud_fill *fill, const struct mud_post *post)
{
    bool wordless = post->n_images || post->n_attachments || post->n_quotes;

    fill->posts++;
    if ((post->state != MUD_POST_SHOWN && post->state != MUD_POST_EMPTY) ||
        post->service.n)
        return;
    fill->counted++;
    /* What the description missed is no field of its. */
    if (!(post->mended & MUD_MENDED_POST))
        text(fill, MUD_FILL_POST, post->post);
    if (!(post->mended & MUD_MENDED_AUTHOR))
        text(fill,
             MUD_FILL_AUTHOR,
             post->anonymous ? MUD_STR("anonymous") : post->author);
    text(fill,
         MUD_FILL_AUTHOR_ID,
         post->anonymous ? MUD_STR("anonymous") : post->author_id);
    if (!(post->mended & MUD_MENDED_TIME))
        number(fill, MUD_FILL_TIME, post->posted);
    if (!(post->mended & MUD_MENDED_BODY))
        text(fill,
             MUD_FILL_BODY,
             post->body.n || !wordless ? post->body : post->post);
    number(fill, MUD_FILL_POSITION, post->position);
    if (post->n_quotes)
        text(fill, MUD_FILL_QUOTES, post->quotes[0].text);
    text(fill, MUD_FILL_SIGNATURE, post->signature);
    if (post->n_links)
        text(fill, MUD_FILL_LINKS, post->links[0]);
    if (post->n_images)
        text(fill, MUD_FILL_IMAGES, post->images[0]);
    if (post->n_attachments)
        text(fill, MUD_FILL_ATTACHMENTS, post->attachments[0]);
}

uint32_t mud_fill_alike(const struct mud_fill *fill)
{
    uint32_t bits = 0;

    for (int i = 0; i < MUD_FILL_FIELDS; i++)
        if (fill->counted >= ALIKE_MIN && fill->filled[i] == fill->counted &&
            !(fill->other & 1U << i))
            bits |= 1U << i;
    return bits;
}
