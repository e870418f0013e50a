#include "tsa.h"

#include "mudtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char conf[] =
    "[ca]\ndefault_ca = ca\ndatabase = index.txt\nserial = serial\n"
    "new_certs_dir = .\ndefault_md = sha256\npolicy = any\n"
    "default_days = 1\nunique_subject = no\n"
    "[any]\ncommonName = supplied\n"
    "[root]\nbasicConstraints = critical,CA:TRUE\n"
    "keyUsage = critical,keyCertSign,cRLSign\n"
    "[stamps]\nbasicConstraints = CA:FALSE\n"
    "keyUsage = critical,digitalSignature\n"
    "extendedKeyUsage = critical,timeStamping\n"
    "[tsa]\ndefault_tsa = tsa1\n"
    "[tsa1]\nserial = tsaserial\ncrypto_device = builtin\n"
    "signer_cert = tsa.pem\nsigner_key = tsa.key\nsigner_digest = sha256\n"
    "certs = ca.pem\ndefault_policy = 1.2.3.4.1\n"
    "digests = sha256, sha384, sha512\naccuracy = secs:1\nordering = yes\n"
    "tsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n";

/* Runs on the server's thread, where mudtest's helpers do not. */
static bool shell(const char *folder, const char *script)
{
    char *command = NULL;
    bool good;

    if (asprintf(&command, "cd '%s' && { %s; } >log 2>&1", folder, script) < 0)
        return false;
    good = system(command) == 0; /* NOLINT(cert-env33-c) */
    free(command);
    return good;
}

static bool put(const char *folder, const char *name, struct mud_str bytes)
{
    char path[4200];
    FILE *file;
    bool good;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "we");
    good = file && fwrite(bytes.s, 1, bytes.n, file) == bytes.n;
    return file && fclose(file) == 0 && good;
}

static size_t get(char *out, size_t size, const char *folder, const char *name)
{
    char path[4200];
    FILE *file;
    size_t n;

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    file = fopen(path, "re");
    if (!file)
        return 0;
    n = fread(out, 1, size, file);
    (void)fclose(file);
    return n;
}

/* The script that makes reply of query, by mood. */
static const char *script_of(enum mud_tsa_mood mood)
{
    if (mood == MUD_TSA_OTHER)
        return "echo other >other && openssl ts -query -data other -sha256 "
               "-cert -out query && "
               "openssl ts -reply -config tsa.cnf -queryfile query -out reply";
    if (mood == MUD_TSA_NO)
        return "openssl ts -query -digest 00112233445566778899aabbccddeeff "
               "-md5 -cert -out query && "
               "openssl ts -reply -config tsa.cnf -queryfile query -out reply";
    return "openssl ts -reply -config tsa.cnf -queryfile query -out reply";
}

static bool answer(struct mud_httpd_peer *peer,
                   const struct mud_httpd_request *request, void *payload)
{
    struct mud_tsa *tsa = payload;
    enum mud_tsa_mood mood = tsa->mood;
    char reply[16384];
    size_t n;

    if (mood == MUD_TSA_BUSY)
        return mud_httpd_reply(peer, 503, "", MUD_STR("busy"));
    if (mood == MUD_TSA_PAGE)
        return mud_httpd_reply(peer,
                               200,
                               "Content-Type: text/html\r\n",
                               MUD_STR("<html>captive portal"));
    if (!mud_str_eqz(request->method, "POST") ||
        !mud_str_eqz(mud_httpd_value(request, "Content-Type"),
                     "application/timestamp-query"))
        return mud_httpd_reply(peer, 400, "", MUD_STR("not a query"));
    if (!put(tsa->folder, "query", request->body) ||
        !shell(tsa->folder, script_of(mood)))
        return mud_httpd_reply(peer, 500, "", MUD_STR("openssl failed"));
    n = get(reply, sizeof(reply), tsa->folder, "reply");
    if (mood == MUD_TSA_BENT && n)
        reply[n - 1] ^= 1;
    return mud_httpd_reply(peer,
                           200,
                           "Content-Type: application/timestamp-reply\r\n",
                           mud_str_of(reply, n));
}

/* As openssl ca wants it: YYYYMMDDHHMMSSZ. */
static const char *date_in(unsigned seconds)
{
    time_t at = time(NULL) + (time_t)seconds;
    char text[32];
    struct tm tm;

    (void)strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", gmtime_r(&at, &tm));
    return mudtest_text("%s", text);
}

void mud_tsa_start(struct mud_tsa *tsa, unsigned seconds)
{
    *tsa = (struct mud_tsa){.folder = mudtest_dir()};
    mudtest_write(mudtest_text("%s/tsa.cnf", tsa->folder), mud_str_z(conf));
    if (!shell(tsa->folder,
               mudtest_text(
                   ": >index.txt && echo 01 >serial && echo 01 >tsaserial && "
                   "openssl req -x509 -newkey ec -pkeyopt "
                   "ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem "
                   "-days 2 -subj '/CN=test CA' -config /dev/null "
                   "-addext basicConstraints=critical,CA:TRUE "
                   "-addext keyUsage=critical,keyCertSign && "
                   "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
                   "-nodes -keyout tsa.key -out tsa.csr -subj '/CN=test TSA' "
                   "-config /dev/null && "
                   "openssl ca -batch -config tsa.cnf -cert ca.pem -keyfile "
                   "ca.key -extensions stamps -in tsa.csr -out tsa.pem "
                   "-notext -enddate %s",
                   date_in(seconds ? seconds : 86400))))
        fail_msg("no authority: %s",
                 mudtest_read(mudtest_text("%s/log", tsa->folder)).s);
    tsa->httpd = mud_httpd_start(answer, tsa);
    tsa->url =
        mudtest_text("http://127.0.0.1:%u/tsr", mud_httpd_port(tsa->httpd));
}

void mud_tsa_stop(struct mud_tsa *tsa)
{
    mud_httpd_stop(tsa->httpd);
}
