/*
 * URL rules of an engine description: what an address means, and the one form
 * in which it is written. A rule is the address of a page with its parts in
 * braces, relative to the folder that the board is installed in:
 *     thread = viewtopic.php?t={thread}&start={start}
 *     thread = thread-{thread}-{page}-{any}.html
 * {board} {thread} {post} {user} {page} {start} stand for digits, {any} for
 * anything short of "-", "/" and ".", {slug} for a title in the address, which
 * is kept as it is written (several of them one behind the other are its
 * parts: "c/{slug}/{slug}/{board}"). A rule with "/" in it is as deep as it has them
 * ("threads/{slug}.{thread}/page-{page}"). Parameters may come in any order;
 * {page} and {start} may be missing; a parameter without "=" that holds braces
 * is the form of the first one ("?thread-{thread}.htm"); parameters that the
 * rule does not name are no part of the written form, which is how sessions,
 * sort orders and views fall away.
 */
#ifndef MUD_PARSE_RULE_H
#define MUD_PARSE_RULE_H

#include "fetch/url.h"
#include "parse/post.h"

enum mud_rule_var {
    MUD_VAR_BOARD,
    MUD_VAR_THREAD,
    MUD_VAR_POST,
    MUD_VAR_USER,
    MUD_VAR_PAGE,
    MUD_VAR_START,
    MUD_VAR_ANY,
    MUD_VAR_SLUG,
    MUD_VARS
};

enum mud_rule_kind {
    MUD_RULE_BOARD,
    MUD_RULE_THREAD,
    MUD_RULE_POST,
    MUD_RULE_PROFILE,
    MUD_RULE_INDEX,
    MUD_RULE_FEED,
    MUD_RULES
};

struct mud_rule {
    enum mud_rule_kind kind;
    struct mud_str path, query; /* as in the description */
    bool in_path;               /* variables in the path: pseudo-static */
};

struct mud_rule_hit {
    const struct mud_rule *rule;
    struct mud_str folder; /* of the board: the path up to its last "/" */
    struct mud_str var[MUD_VARS];
};

/* Name of a kind or variable as descriptions write it; -1 when unknown. */
int mud_rule_kind_of(struct mud_str name);
int mud_rule_var_of(struct mud_str name);

MUD_MUST bool mud_rule_read(struct mud_rule *out, enum mud_rule_kind kind,
                            struct mud_str text, struct mud_arena *arena,
                            struct mud_error *err);

/* Does url have the form of rule? */
bool mud_rule_match(const struct mud_rule *rule, const struct mud_url *url,
                    struct mud_rule_hit *hit);

/*
 * The address at origin ("http://host:1") that rule gives for hit, which may
 * come from another rule. Page 1 and start 0 are left out of a query; in a
 * path a missing page is 1. Empty when a variable that it needs is missing.
 */
struct mud_str mud_rule_write(const struct mud_rule *rule,
                              const struct mud_rule_hit *hit,
                              struct mud_str origin, struct mud_arena *arena);

#endif
