/* The functions behind the rows of cli/commands.c; each in its cmd_*.c. */
#ifndef MUD_CLI_CMD_H
#define MUD_CLI_CMD_H

#include "cli/command.h"

#define MUD_CMD(name) \
    int name(const struct mud_args *args, struct mud_error *err)

MUD_CMD(mud_cmd_up);
MUD_CMD(mud_cmd_work);
MUD_CMD(mud_cmd_help);
MUD_CMD(mud_cmd_db_start);
MUD_CMD(mud_cmd_db_stop);
MUD_CMD(mud_cmd_db_status);
MUD_CMD(mud_cmd_db_migrate);
MUD_CMD(mud_cmd_db_check);
MUD_CMD(mud_cmd_db_backup);
MUD_CMD(mud_cmd_db_restore);
MUD_CMD(mud_cmd_source_add);
MUD_CMD(mud_cmd_source_set);
MUD_CMD(mud_cmd_source_cookies);
MUD_CMD(mud_cmd_source_list);
MUD_CMD(mud_cmd_source_show);
MUD_CMD(mud_cmd_source_test);
MUD_CMD(mud_cmd_account_add);
MUD_CMD(mud_cmd_account_list);
MUD_CMD(mud_cmd_account_remove);
MUD_CMD(mud_cmd_account_resume);
MUD_CMD(mud_cmd_source_gaps);
MUD_CMD(mud_cmd_source_rooms);
MUD_CMD(mud_cmd_source_suggest);
MUD_CMD(mud_cmd_source_approve);
MUD_CMD(mud_cmd_source_refuse);
MUD_CMD(mud_cmd_source_pause);
MUD_CMD(mud_cmd_source_resume);
MUD_CMD(mud_cmd_source_remove);
MUD_CMD(mud_cmd_fetch);
MUD_CMD(mud_cmd_import);
MUD_CMD(mud_cmd_parse);
MUD_CMD(mud_cmd_tokenize);
MUD_CMD(mud_cmd_extract);
MUD_CMD(mud_cmd_posts);
MUD_CMD(mud_cmd_offers);
MUD_CMD(mud_cmd_sellers);
MUD_CMD(mud_cmd_contacts);
MUD_CMD(mud_cmd_search);
MUD_CMD(mud_cmd_show);
MUD_CMD(mud_cmd_trends);
MUD_CMD(mud_cmd_rates_check);
MUD_CMD(mud_cmd_alert_add);
MUD_CMD(mud_cmd_alert_list);
MUD_CMD(mud_cmd_alert_show);
MUD_CMD(mud_cmd_alert_run);
MUD_CMD(mud_cmd_alert_mark);
MUD_CMD(mud_cmd_alert_mute);
MUD_CMD(mud_cmd_alert_remove);
MUD_CMD(mud_cmd_actor_confirm);
MUD_CMD(mud_cmd_actor_split);
MUD_CMD(mud_cmd_actor_forbid);
MUD_CMD(mud_cmd_actor_withdraw);
MUD_CMD(mud_cmd_actor_history);
MUD_CMD(mud_cmd_similar);
MUD_CMD(mud_cmd_why);
MUD_CMD(mud_cmd_stats);
MUD_CMD(mud_cmd_rebuild);
MUD_CMD(mud_cmd_lexicon_list);
MUD_CMD(mud_cmd_lexicon_show);
MUD_CMD(mud_cmd_lexicon_add);
MUD_CMD(mud_cmd_lexicon_disable);
MUD_CMD(mud_cmd_lexicon_enable);
MUD_CMD(mud_cmd_lexicon_remove);
MUD_CMD(mud_cmd_lexicon_import);
MUD_CMD(mud_cmd_lexicon_export);
MUD_CMD(mud_cmd_lexicon_check);
MUD_CMD(mud_cmd_lexicon_accept);
MUD_CMD(mud_cmd_lexicon_reject);
MUD_CMD(mud_cmd_lexicon_test);
MUD_CMD(mud_cmd_lexicon_hits);
MUD_CMD(mud_cmd_lexicon_suggest);
MUD_CMD(mud_cmd_verify);
MUD_CMD(mud_cmd_ledger_verify);
MUD_CMD(mud_cmd_ledger_export);
MUD_CMD(mud_cmd_ledger_anchor);
MUD_CMD(mud_cmd_ledger_status);
MUD_CMD(mud_cmd_ledger_proof);
MUD_CMD(mud_cmd_ledger_key);
MUD_CMD(mud_cmd_shot);
MUD_CMD(mud_cmd_witness);
MUD_CMD(mud_cmd_keys_new);
MUD_CMD(mud_cmd_keys_list);
MUD_CMD(mud_cmd_keys_rotate);
MUD_CMD(mud_cmd_keys_export);
MUD_CMD(mud_cmd_keys_import);
MUD_CMD(mud_cmd_retention_list);
MUD_CMD(mud_cmd_retention_set);
MUD_CMD(mud_cmd_retention_run);
MUD_CMD(mud_cmd_retention_hold);
MUD_CMD(mud_cmd_retention_release);
MUD_CMD(mud_cmd_selftest);
MUD_CMD(mud_cmd_replay);
MUD_CMD(mud_cmd_serve);

#endif
