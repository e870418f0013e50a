/*
 * The circumstances of a capture, as prosecutors ask for them (rules of the
 * Supreme People's Procuratorate of 2021, article 37; 2016 rules, article 15):
 * one JSON object in its metadata and row,
 *
 *     {"host","libraries","local_ip","no_witness_reason","not_seizable_reason",
 *      "place","second_person","system"}
 *
 * Those of people come from MUDLARK_HOME/mudlark.conf:
 *
 *     [capture]
 *     place = Beijing, room 1
 *     second_person = Li (badge 7)       (a witness, or a colleague)
 *     no_witness_reason = ...            (when there is none)
 *     not_seizable_reason = ...          (why the medium itself was not seized)
 */
#ifndef MUD_EVIDENCE_CIRCUMSTANCES_H
#define MUD_EVIDENCE_CIRCUMSTANCES_H

#include "evidence/facts.h"

/* local_ip: from which of our addresses, or empty. In arena. What cannot be read
 * of the settings is said in "settings_error". */
struct mud_str mud_circumstances(const char *home, struct mud_str local_ip,
                                 struct mud_arena *arena);

/*
 * How a page was come to: from the entry on, by links and redirects, each step a
 * capture of its own. Stops where nothing was captured that leads there (first
 * has then a referrer that is in no capture, or none), after MUD_STEPS_MAX, or
 * when it goes in a circle.
 */
#define MUD_STEPS_MAX 32

struct mud_entry_step {
    struct mud_id capture;
    struct mud_str url, account;
    int64_t at;
    int status;
    bool redirected; /* the next one came by its redirect, not by a link */
    uint8_t sha256[MUD_SHA256];
};

struct mud_entry_steps {
    struct mud_entry_step *steps; /* the first one first */
    size_t n;
    struct mud_str before; /* address that leads to the first; not captured */
};

MUD_MUST bool mud_entry_steps(struct mud_entry_steps *out, struct mud_pg *pg,
                              const struct mud_facts *facts,
                              struct mud_arena *arena, struct mud_error *err);

#endif
