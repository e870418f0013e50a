#include "evidence/openssl.h"

#include "base/conf.h"
#include "base/time.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <stdio.h>
#include <time.h>

bool mud_openssl_fail(struct mud_error *err, enum mud_code code,
                      const char *fmt, ...)
{
    const char *data = NULL, *reason;
    char text[512];
    va_list args;
    int flags = 0;
    unsigned long first = ERR_peek_error();
    unsigned long last = ERR_peek_last_error_data(&data, &flags);

    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    /* The last error has the details of what went wrong ("Verify error:..."). */
    if (!(flags & ERR_TXT_STRING) || !data || !*data)
        data = NULL;
    reason = ERR_reason_error_string(last ? last : first);
    (void)mud_fail(err,
                   code,
                   "%s%s%s%s%s",
                   text,
                   reason ? ": " : "",
                   reason ? reason : "",
                   data ? ": " : "",
                   data ? data : "");
    ERR_clear_error();
    return false;
}

bool mud_openssl_certificates(STACK_OF(X509) * *out, const char *path,
                              struct mud_error *err)
{
    struct mud_arena *arena = mud_arena_new();
    STACK_OF(X509) *all = sk_X509_new_null();
    struct mud_str text;
    bool good = mud_file_read(&text, path, MUD_PEM_MAX, arena, err);
    BIO *bio = good ? BIO_new_mem_buf(text.s, (int)text.n) : NULL;
    X509 *one;

    if (!all || (good && !bio))
        mud_out_of_memory();
    while (good && (one = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL)
        if (!sk_X509_push(all, one))
            mud_out_of_memory();
    if (good && sk_X509_num(all) == 0)
        good = mud_openssl_fail(
            err, MUD_EINPUT, "%s: no certificate in PEM", path);
    ERR_clear_error(); /* the end of the file is one */
    BIO_free(bio);
    mud_arena_free(arena);
    if (!good) {
        sk_X509_pop_free(all, X509_free);
        all = NULL;
    }
    *out = all;
    return good;
}

X509_STORE *mud_openssl_store(void)
{
    X509_STORE *store = X509_STORE_new();

    if (!store)
        mud_out_of_memory();
    (void)X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    return store;
}

bool mud_openssl_believe(X509_STORE *store, const char *path,
                         struct mud_error *err)
{
    STACK_OF(X509) * all;

    if (!mud_openssl_certificates(&all, path, err))
        return false;
    for (int i = 0; i < sk_X509_num(all); i++)
        if (!X509_STORE_add_cert(store, sk_X509_value(all, i)))
            mud_out_of_memory();
    sk_X509_pop_free(all, X509_free);
    return true;
}

void mud_openssl_at(X509_STORE *store, int64_t at)
{
    X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);

    if (at)
        X509_VERIFY_PARAM_set_time(param, (time_t)(at / MUD_SECOND));
}

int64_t mud_openssl_time(const ASN1_TIME *time)
{
    struct tm tm;
    struct mud_civil civil;

    if (!time || ASN1_TIME_to_tm(time, &tm) != 1)
        return 0;
    civil = (struct mud_civil){.year = tm.tm_year + 1900,
                               .month = tm.tm_mon + 1,
                               .day = tm.tm_mday,
                               .hour = tm.tm_hour,
                               .minute = tm.tm_min,
                               .second = tm.tm_sec};
    return mud_civil_to_unix(&civil) * MUD_SECOND;
}
