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
