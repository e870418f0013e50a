#include "parse/forum.h"

#define FIELDS_MAX 100

/* The rows that the engine lists: "QQ", "主页". */
static void fields(struct mud_profile *profile, struct mud_sight *sight)
{
    const struct mud_engine *e = sight->engine;
    const struct mud_page *page = sight->page;
    struct mud_field_text *items = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t i = 0; i < page->n && n < FIELDS_MAX;) {
        i = mud_select_first(e->profile.field, page, i, page->n, &sight->steps);
        if (i == MUD_NO_NODE)
            break;
        uint32_t end = page->nodes[i].end;
        struct mud_str label = mud_sight_pick(sight, &e->profile.label, i, end);
        struct mud_str value = mud_sight_pick(sight, &e->profile.value, i, end);
        if (!e->profile.value.n && label.n) {
            value = mud_sight_text(sight, i, 0);
            if (mud_str_starts(value, label))
                value = mud_str_sub(value, label.n, value.n);
            value = mud_str_trim(value);
        }
        i = end;
        if (!label.n || !value.n)
            continue;
        items = mud_arena_grow(sight->arena, items, &cap, n, sizeof(*items));
        items[n].label = label;
        items[n++].value = value;
    }
    profile->fields = items;
    profile->n_fields = n;
}

void mud_forum_profile(struct mud_parsed *out, struct mud_sight *sight,
                       const struct mud_rule_hit *own)
{
    const struct mud_engine *e = sight->engine;
    uint32_t all = sight->page->n;
    enum mud_precision precision;
    struct mud_profile *p = mud_arena_alloc(sight->arena, sizeof(*p));
    p->user = mud_sight_pick(sight, &e->profile.user, 0, all);
    if (!p->user.n && own)
        p->user = own->var[MUD_VAR_USER];
    p->name = mud_sight_pick(sight, &e->profile.name, 0, all);
    if (!p->user.n && !p->name.n)
        return;
    p->role = mud_sight_pick(sight, &e->profile.role, 0, all);
    p->signature = mud_sight_pick(sight, &e->profile.signature, 0, all);
    (void)mud_sight_date(
        sight, &e->profile.registered, 0, &p->registered, &precision);
    (void)mud_sight_date(
        sight, &e->profile.last_seen, 0, &p->last_seen, &precision);
    uint64_t posts = 0;
    struct mud_str text = mud_sight_pick(sight, &e->profile.posts, 0, all);
    p->posts = text.n && text.n <= 9 && mud_str_u64(text, &posts)
                   ? (int32_t)posts
                   : -1;
    fields(p, sight);
    out->profiles = p;
    out->n_profiles = 1;
}
