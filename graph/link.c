/*
 * Who is credited with what. Only an illicit offer makes nodes of its author
 * and of the contacts in it; contacts in benign posts stay annotations. Two
 * exceptions, each with its own kind of claim or its own rule:
 * - what a post accuses is linked to the group it was accused in, never to the
 *   accuser, who is a bystander;
 * - a post of the same persona in the same thread after its offer, in the same
 *   capture, belongs to the offer ("offer above, QQ here").
 * A forwarded advert is its origin's, not the forwarder's.
 */
#include "base/utf8.h"
#include "graph/work.h"
#include "nlp/former.h"
#include "nlp/rules.h"

static bool illicit(const struct mud_reading *reading)
{
    return reading->is_offer && reading->category != MUD_CAT_BENIGN;
}

/* Whether this author offered in this thread before, in the same capture; now
 * and from now on he does. */
static bool offered_here(const struct mud_work *work, bool now)
{
    struct mud_analyst *analyst = work->analyst;
    uint64_t author = 0, thread = 0, hash = 0;
    uint64_t *slot = NULL;

    if (mud_id_zero(work->author.id))
        return false;
    /* Both are digests: their sum is hash enough, and the same everywhere. */
    memcpy(&author, work->author.id.b, sizeof(author));
    memcpy(&thread, work->thread_id.b, sizeof(thread));
    hash = (author + 3 * thread) | 1;
    slot = &analyst->sellers[hash / 2 % MUD_SELLERS];
    if (now)
        *slot = hash;
    return *slot == hash;
}

static bool own_words(const struct mud_work *work)
{
    if (illicit(&work->alone) || illicit(&work->title_alone))
        return true;
    for (size_t i = 0; i < work->n_pictures; i++)
        if (illicit(&work->pictures_alone[i]))
            return true;
    return false;
}

bool mud_work_below(const struct mud_work *work)
{
    return !own_words(work) && offered_here(work, false);
}

/*
 * The reader sees the posts around this one, and "my QQ is..." below an offer
 * looks like one. Whose words make it an offer? Its own text's or title's, or
 * those of the same author's offer in the thread; never a stranger's.
 */
void mud_work_judge(struct mud_work *work)
{
    bool own = own_words(work);
    bool after = !work->post.forwarded && offered_here(work, false);

    work->illicit = work->shown && illicit(&work->whole) && (own || after);
    work->again = work->illicit && after && !mud_id_zero(work->group.id);
    work->whole.is_offer = work->whole.is_offer && work->illicit;
    if (work->illicit && !work->post.forwarded)
        offered_here(work, true);
}

static enum mud_category offered(const struct mud_work *work)
{
    if (work->illicit || !illicit(&work->signature_alone))
        return work->whole.category;
    return work->signature_alone.category;
}

/* The post, or the signature under it, is an illicit offer. */
static bool offers(const struct mud_work *work)
{
    return work->shown && (work->illicit || illicit(&work->signature_alone));
}

static int64_t seen_at(const struct mud_work *work)
{
    return work->post.posted ? work->post.posted : work->analyst->at;
}

static void add_node(struct mud_work *work, const struct mud_node *node)
{
    struct mud_batch *batch = work->batch;
    struct mud_row_entity *row = NULL;
    int64_t seen = seen_at(work);
    bool known = false;
    size_t i = 0;

    if (mud_id_zero(node->id))
        return;
    if (node->kind == MUD_NODE_PERSONA || node->kind == MUD_NODE_GROUP)
        mud_work_name(work, node);
    i = mud_id_set_put(batch->seen, node->id, batch->entities.n, &known);
    if (!known) {
        row = MUD_ADD(&batch->entities);
        row->node = *node;
        row->node.type = mud_keep(batch, node->type);
        row->node.value = mud_keep(batch, node->value);
        row->node.shown = mud_keep(batch, node->shown);
        row->first = row->last = seen;
        return;
    }
    row = &batch->entities.at[i];
    if (seen > row->last ||
        (seen == row->last && mud_str_cmp(node->shown, row->node.shown) > 0)) {
        if (!mud_str_eq(node->shown, row->node.shown))
            row->node.shown = mud_keep(batch, node->shown);
        row->last = seen;
    }
    if (seen < row->first)
        row->first = seen;
}

static void widen(int64_t *first, int64_t *last, int64_t at)
{
    if (at < *first)
        *first = at;
    if (at > *last)
        *last = at;
}

void mud_work_name(struct mud_work *work, const struct mud_node *node)
{
    struct mud_batch *batch = work->batch;
    char id[MUD_ID_TEXT];
    struct mud_str key[] = {mud_str_z(mud_id_text(id, node->id)), node->shown};
    struct mud_row_name *row = NULL;
    int64_t at = seen_at(work), read = work->analyst->at;
    bool known = false;

    /* A forum is called as its host. */
    if (mud_id_zero(node->id) || !node->shown.n ||
        (node->kind == MUD_NODE_GROUP && mud_str_eq(node->shown, node->value)))
        return;
    size_t i = mud_id_set_put(
        batch->seen, mud_id_of_parts("name", key, 2), batch->names.n, &known);
    if (!known) {
        row = MUD_ADD(&batch->names);
        *row = (struct mud_row_name){
            node->id, mud_keep(batch, node->shown), at, at, read, read};
        return;
    }
    row = &batch->names.at[i];
    widen(&row->first_posted, &row->last_posted, at);
    widen(&row->first_seen, &row->last_seen, read);
}

static void add_claim(struct mud_work *work, struct mud_id a,
                      enum mud_claim_kind kind, struct mud_id b)
{
    struct mud_batch *batch = work->batch;
    struct mud_row_claim *row = NULL;
    int64_t seen = seen_at(work);
    char key[33];
    bool known = false;
    size_t i = 0;

    memcpy(key, a.b, 16);
    memcpy(key + 16, b.b, 16);
    key[32] = (char)kind;
    i = mud_id_set_put(batch->seen,
                       mud_id_of("claim", mud_str_of(key, sizeof(key))),
                       batch->claims.n,
                       &known);
    if (!known) {
        row = MUD_ADD(&batch->claims);
        *row = (struct mud_row_claim){a, b, kind, seen, seen};
        return;
    }
    row = &batch->claims.at[i];
    if (seen < row->first)
        row->first = seen;
    if (seen > row->last)
        row->last = seen;
}

static void add_evidence(struct mud_work *work, const struct mud_node *a,
                         enum mud_claim_kind kind, const struct mud_node *b,
                         const struct mud_entity *entity)
{
    struct mud_row_evidence *row = NULL;

    if (mud_id_zero(a->id) || mud_id_zero(b->id) || mud_id_eq(a->id, b->id))
        return;
    add_node(work, a);
    add_node(work, b);
    add_claim(work, a->id, kind, b->id);
    row = MUD_ADD(&work->batch->evidence);
    *row = (struct mud_row_evidence){.a = a->id,
                                     .b = b->id,
                                     .kind = kind,
                                     .post = work->post_id,
                                     .content = work->content,
                                     .capture = work->analyst->capture,
                                     .captured = work->analyst->at,
                                     .seen = seen_at(work),
                                     .field = (enum mud_field)entity->field,
                                     .field_index = entity->field_index,
                                     .at = entity->at,
                                     .rule = entity->rule,
                                     .sure = entity->sure,
                                     .category = offered(work)};
    if (entity->field == MUD_IN_TITLE)
        row->content = work->title_id;
    if (entity->field == MUD_IN_SIGNATURE)
        row->content = work->signature_id;
    for (size_t i = 0; i < work->n_pictures; i++)
        if (entity->field == MUD_IN_ATTACHMENT &&
            entity->field_index == work->pictures[i].place)
            row->content = work->pictures_id[i];
    work->batch->rules[row->rule / 8] |= (uint8_t)(1U << row->rule % 8);
}

/* Under a benign body, a signature that offers speaks for itself alone. */
static bool credited(const struct mud_work *work,
                     const struct mud_entity *entity)
{
    return mud_str_eqz(entity->role, "advertiser") &&
           (work->illicit || !illicit(&work->signature_alone) ||
            entity->field == MUD_IN_SIGNATURE);
}

struct mud_node mud_work_seller(const struct mud_work *work)
{
    const struct mud_reading *whole = &work->whole;

    if (!offers(work))
        return (struct mud_node){0};
    if (work->post.forwarded)
        return mud_node_origin(&work->post, work->analyst->scratch);
    if (!mud_id_zero(work->author.id))
        return work->author;
    /* Nobody's name on it: the first contact stands for whoever wrote it, a
     * person's before a place. */
    for (int places = 0; places < 2; places++)
        for (size_t i = 0; i < whole->n_entities; i++) {
            const struct mud_entity *entity = &whole->entities[i];

            if (entity->type == MUD_ENT_CONTACT && credited(work, entity) &&
                !mud_is_victims(whole, entity) &&
                mud_contact_is_place(entity->kind) == (places == 1))
                return mud_node_contact(entity->kind, entity->value);
        }
    return (struct mud_node){0};
}

static enum mud_claim_kind use_kind(const struct mud_node *node)
{
    if (mud_contact_is_place(node->type))
        return MUD_CLAIM_POINTS_TO;
    return node->kind == MUD_NODE_WALLET || node->kind == MUD_NODE_PAYEE
               ? MUD_CLAIM_PAID_AT
               : MUD_CLAIM_USES;
}

static void link_contact(struct mud_work *work, const struct mud_node *seller,
                         struct mud_node *before,
                         const struct mud_entity *entity)
{
    struct mud_node node = mud_node_contact(entity->kind, entity->value);

    if (mud_id_zero(node.id) || mud_is_victims(&work->whole, entity))
        return;
    if (mud_str_eqz(entity->role, "reported")) {
        add_evidence(work, &work->group, MUD_CLAIM_ACCUSED, &node, entity);
        return;
    }
    if (mud_id_zero(seller->id) || !credited(work, entity))
        return;
    if (seller->kind == MUD_NODE_PERSONA || seller->kind == MUD_NODE_GROUP ||
        mud_contact_is_place(node.type)) {
        add_evidence(work, seller, use_kind(&node), &node, entity);
        return;
    }
    /* An anonymous offer: its contacts hold together in a chain. */
    add_node(work, &node);
    add_evidence(work, before, MUD_CLAIM_TOGETHER, &node, entity);
    *before = node;
}

/* A whole-post claim points at the product, else at the post's beginning. */
static struct mud_entity about(const struct mud_work *work)
{
    struct mud_entity out = {.sure = work->whole.sure};

    for (size_t i = 0; i < work->whole.n_entities; i++)
        if (work->whole.entities[i].type == MUD_ENT_PRODUCT)
            return work->whole.entities[i];
    out.at.end = (uint32_t)mud_utf8_cut(work->post.body, 60);
    return out;
}

static void link_group(struct mud_work *work, const struct mud_node *seller)
{
    struct mud_entity at = about(work);

    if (mud_id_zero(seller->id))
        return;
    add_node(work, seller);
    if (work->again) { /* his first post here is evidence enough */
        add_node(work, &work->group);
        add_claim(work, seller->id, MUD_CLAIM_POSTS_IN, work->group.id);
        return;
    }
    if (work->post.forwarded)
        add_evidence(work, &work->group, MUD_CLAIM_FORWARDS, seller, &at);
    else if (seller->kind == MUD_NODE_PERSONA)
        add_evidence(work, seller, MUD_CLAIM_POSTS_IN, &work->group, &at);
}

/* The text in the last quotation marks, else all of it. */
static struct mud_str new_title(struct mud_str body)
{
    static const struct {
        struct mud_str open, close;
    } marks[] = {
        {{"«", 2}, {"»", 2}}, {{"“", 3}, {"”", 3}}, {{"\"", 1}, {"\"", 1}}};

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        struct mud_str rest = body, title = {0};
        size_t at = 0, end = 0;

        while ((at = mud_str_find(rest, marks[i].open)) != MUD_NPOS) {
            rest = mud_str_sub(rest, at + marks[i].open.n, rest.n);
            end = mud_str_find(rest, marks[i].close);
            if (end == MUD_NPOS)
                break;
            title = mud_str_sub(rest, 0, end);
            rest = mud_str_sub(rest, end + marks[i].close.n, rest.n);
        }
        if (title.n)
            return title;
    }
    return body;
}

/* The group was named anew at the time of this message. */
static void link_title(struct mud_work *work)
{
    static const char *const services[] = {
        "edit_group_title", "edit_chat_title", "title"};
    struct mud_node group = work->group;

    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
        if (mud_str_eqz(work->post.service, services[i]))
            group.shown = mud_work_mask(work, new_title(work->post.body));
    if (!mud_str_eq(group.shown, work->group.shown))
        mud_work_name(work, &group);
}

/* Who he says he was: an account that is known by that name alone. Which one
 * it is, graph/bond.h finds out. */
static void link_former(struct mud_work *work, const struct mud_node *seller)
{
    struct mud_span names[MUD_FORMER_MAX];
    size_t n = mud_former_names(names, work->post.body);

    for (size_t i = 0; i < n; i++) {
        struct mud_entity entity = {
            .at = names[i], .rule = MUD_RULE_NAME_FORMER, .sure = 700};
        struct mud_str name =
            mud_str_sub(work->post.body, names[i].start, names[i].end);
        struct mud_node before =
            mud_node_named(seller->type, name, work->analyst->scratch);

        if (!mud_is_victims(&work->whole, &entity) &&
            !mud_str_eq(name, work->post.author))
            add_evidence(work, seller, MUD_CLAIM_WAS, &before, &entity);
    }
}

void mud_work_link(struct mud_work *work)
{
    struct mud_node seller = mud_work_seller(work), before = {0};
    bool offer = !mud_id_zero(seller.id);

    if (!work->shown)
        return;
    if (work->post.service.n)
        link_title(work);
    if (offer)
        link_group(work, &seller);
    /* No offer by the reader's judgement, but by the same author below one. */
    if (!offer && !work->post.forwarded && offered_here(work, false))
        seller = work->author;
    if (seller.kind == MUD_NODE_PERSONA && !work->post.forwarded)
        link_former(work, &seller);
    for (size_t i = 0; i < work->whole.n_entities; i++) {
        const struct mud_entity *entity = &work->whole.entities[i];
        struct mud_node node = {0};

        if (entity->type == MUD_ENT_CONTACT)
            link_contact(work, &seller, &before, entity);
        if (entity->type != MUD_ENT_INDICATOR || !offer)
            continue;
        node = mud_node_indicator(entity->kind, entity->value);
        if (seller.kind == MUD_NODE_PERSONA || seller.kind == MUD_NODE_GROUP)
            add_evidence(work, &seller, MUD_CLAIM_NAMES, &node, entity);
    }
}
