/* A date of any text: none, or a time in reach with a precision, the same for
 * the same text, and in any zone within a day of UTC's. */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "parse/date.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t now = INT64_C(1795305600) * MUD_SECOND;
    struct mud_arena *arena = mud_arena_new();
    struct mud_error err = {0};
    struct mud_zone *zone = NULL;
    struct mud_str text =
        mud_utf8_clean(mud_str_of((const char *)data, size), arena, NULL);
    check(mud_zone_new(&zone, MUD_STR("+08:00"), &err));
    for (int order = MUD_DATE_MDY; order <= MUD_DATE_DMY; order++) {
        const struct mud_date_rules utc = {.now = now,
                                           .order = (enum mud_date_order)order};
        const struct mud_date_rules east = {zone, now, utc.order};
        enum mud_precision one, two;
        int64_t at = 0, there = 0;
        bool found = mud_date_find(&at, &one, text, &utc);
        bool again = mud_date_find(&there, &two, text, &east);
        if (found) {
            check(one > MUD_UNKNOWN_TIME && one <= MUD_TO_YEAR);
            check(at > -INT64_C(70000000000) * MUD_SECOND &&
                  at < INT64_C(260000000000) * MUD_SECOND);
        }
        check(found == again);
        (void)mud_date_relative(text);
    }
    enum mud_date_order order;
    (void)mud_date_order_of(text, &order);
    mud_zone_free(zone);
    mud_arena_free(arena);
    return 0;
}
