#include "run/proxy.h"

#include "base/hash.h"

#include <stdio.h>

void mud_proxy_circuit(char out[MUD_CIRCUIT], const struct mud_source *source)
{
    char created[MUD_TIME_TEXT];
    /* The time, to the microsecond, is what a guesser of names lacks. */
    struct mud_str parts[] = {
        source->name,
        source->account,
        source->proxy,
        mud_str_z(mud_time_text(created, source->created, true)),
    };
    struct mud_id id = mud_id_of_parts("circuit", parts, 4);

    mud_hex(out, id.b, sizeof id.b);
}

bool mud_proxy_login(struct mud_policy *policy, struct mud_secret **secret,
                     const char *home, const struct mud_source *source,
                     struct mud_error *err)
{
    *secret = NULL;
    if (!policy->proxy.n)
        return true;
    if (!mud_secret_open(secret,
                         home,
                         source->account.n ? source->account : source->name,
                         err))
        return false;
    policy->proxy_user = mud_secret_get(*secret, "proxy_user");
    policy->proxy_password = mud_secret_get(*secret, "proxy_password");
    return true;
}
