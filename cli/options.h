/* The option lists of cli/commands.c, in cli/options.c. */
#ifndef MUD_CLI_OPTIONS_H
#define MUD_CLI_OPTIONS_H

#include "cli/command.h"

extern const struct mud_option mud_no_options[];
extern const struct mud_option mud_up_options[];
extern const struct mud_option mud_work_options[];
extern const struct mud_option mud_serve_options[];
extern const struct mud_option mud_help_options[];
extern const struct mud_option mud_restore_options[];
extern const struct mud_option mud_anchor_options[];
extern const struct mud_option mud_key_options[];
extern const struct mud_option mud_shot_options[];
extern const struct mud_option mud_witness_options[];
extern const struct mud_option mud_source_add_options[];
extern const struct mud_option mud_fetch_options[];
extern const struct mud_option mud_import_options[];
extern const struct mud_option mud_rebuild_options[];
extern const struct mud_option mud_parse_options[];
extern const struct mud_option mud_source_set_options[];
extern const struct mud_option mud_source_cookies_options[];
extern const struct mud_option mud_source_test_options[];
extern const struct mud_option mud_source_gaps_options[];
extern const struct mud_option mud_source_suggest_options[];
extern const struct mud_option mud_account_add_options[];
extern const struct mud_option mud_source_judge_options[];
extern const struct mud_option mud_extract_options[];
extern const struct mud_option mud_query_options[];
extern const struct mud_option mud_search_options[];
extern const struct mud_option mud_actor_options[];
extern const struct mud_option mud_trends_options[];
extern const struct mud_option mud_alert_show_options[];
extern const struct mud_option mud_alert_run_options[];
extern const struct mud_option mud_alert_mark_options[];
extern const struct mud_option mud_alert_mute_options[];
extern const struct mud_option mud_sellers_options[];
extern const struct mud_option mud_offers_options[];
extern const struct mud_option mud_contacts_options[];
extern const struct mud_option mud_show_options[];
extern const struct mud_option mud_similar_options[];
extern const struct mud_option mud_verify_options[];
extern const struct mud_option mud_replay_options[];
extern const struct mud_option mud_lexicon_list_options[];
extern const struct mud_option mud_lexicon_row_options[];
extern const struct mud_option mud_lexicon_test_options[];
extern const struct mud_option mud_lexicon_hits_options[];
extern const struct mud_option mud_lexicon_suggest_options[];
extern const struct mud_option mud_lexicon_state_options[];
extern const struct mud_option mud_lexicon_disable_options[];
extern const struct mud_option mud_lexicon_reject_options[];
extern const struct mud_option mud_lexicon_import_options[];
extern const struct mud_option mud_lexicon_check_options[];
extern const struct mud_option mud_keys_options[];
extern const struct mud_option mud_retention_options[];
extern const struct mud_option mud_hold_options[];
extern const struct mud_option mud_release_options[];
extern const struct mud_option mud_user_add_options[];
extern const struct mud_option mud_user_role_options[];
extern const struct mud_option mud_user_reason_options[];
extern const struct mud_option mud_user_map_options[];
extern const struct mud_option mud_approval_list_options[];
extern const struct mud_option mud_approval_decide_options[];
extern const struct mud_option mud_audit_options[];
extern const struct mud_option mud_migrate_options[];

#endif
