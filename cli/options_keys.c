/* Options of keys and retention. */
#include "cli/option_rows.h"
#include "cli/options.h"

/* clang-format off */
const struct mud_option mud_keys_options[] = {
    VALUE("passphrase-file", 0, "FILE",
          "file with the passphrase, of 12 bytes or more",
          "口令文件（口令至少 12 字节）"),
    END,
};

const struct mud_option mud_retention_options[] = {
    SWITCH("dry-run", 0, "say what would go, and let it be",
           "仅说明将清除什么，不执行"),
    VALUE("reason", 0, "TEXT", "why, for ledger and tombstones (retention)",
          "原因，记入账本与墓碑（默认 retention）"),
    END,
};

const struct mud_option mud_hold_options[] = {
    VALUE("reason", 0, "TEXT", "why (required)", "原因（必填）"),
    VALUES("capture", 0, "ID", "a capture of the case", "案件所含存证"),
    END,
};

const struct mud_option mud_release_options[] = {
    VALUE("reason", 0, "TEXT", "why (required)", "原因（必填）"),
    END,
};
