/* What is written into a file of the vault, sealed on the way. */
#include "evidence/vault.h"

bool mud_vault_warc(struct mud_warc **out, const struct mud_vault *vault,
                    struct mud_str name, struct mud_error *err)
{
    char path[4300];

    return mud_vault_path(path, sizeof(path), vault, name, err) &&
           mud_warc_open(out, path, vault->keys, err);
}

bool mud_vault_seals(struct mud_vault *vault, struct mud_pg *pg,
                     struct mud_error *err)
{
    if (vault->decided)
        return true;
    if (!vault->plain && !mud_keys_decide(&vault->seals, vault->keys, pg, err))
        return false;
    if (!mud_keys_sync(vault->keys, pg, err))
        return false;
    if (vault->seals && !vault->sealer)
        vault->sealer = mud_sealer_new(mud_cipher_best());
    vault->decided = true;
    return true;
}

bool mud_span_begin(struct mud_vault *vault, struct mud_pg *pg, int32_t source,
                    struct mud_error *err)
{
    const uint8_t *data;
    struct mud_id key;
    uint8_t digest[MUD_SHA256];

    if (!vault->seals)
        return true;
    if (!mud_keys_now(&key, &data, vault->keys, pg, source, err))
        return false;
    if (!vault->unsealed)
        vault->unsealed = mud_sha256_new();
    mud_sha256_end(vault->unsealed, digest); /* begin anew */
    mud_sealer_begin(vault->sealer, key, data);
    vault->key = key;
    return true;
}

void mud_span_add(struct mud_vault *vault, struct mud_buf *out,
                  struct mud_str member, bool last)
{
    if (!vault->seals) {
        mud_buf_str(out, member);
        return;
    }
    mud_sha256_add(vault->unsealed, member.s, member.n);
    mud_sealer_add(vault->sealer, out, member, last);
}

void mud_span_end(struct mud_vault *vault, struct mud_facts *f)
{
    f->seal.sealed = vault->seals;
    if (!vault->seals)
        return;
    f->seal.key = vault->key;
    f->seal.salt = mud_sealer_salt(vault->sealer);
    mud_sha256_end(vault->unsealed, f->seal.plain);
}
