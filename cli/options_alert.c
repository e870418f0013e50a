/* Options of saved searches and of trends. */
#include "cli/option_rows.h"
#include "cli/options.h"

const struct mud_option mud_alert_show_options[] = {
    VALUE("state", 0, "STATE", "only hits that are new, seen, kept or rejected",
          "仅该状态的命中：new、seen、kept 或 rejected"),
    VALUE("after", 0, "HIT", "behind this hit", "此命中之后"),
    VALUE("limit", 'n', "N", "at most so many hits (100)",
          "最多命中数（默认 100）"),
    END,
};

const struct mud_option mud_alert_run_options[] = {
    SWITCH("follow", 0, "go on until stopped", "持续输出直至停止"),
    VALUE("spool", 0, "FOLDER", "also write each hit as a file there",
          "另将每个命中写成该文件夹中的文件"),
    END,
};

const struct mud_option mud_alert_mark_options[] = {
    VALUE("state", 0, "STATE", "seen, kept, rejected or new (required)",
          "seen、kept、rejected 或 new（必填）"),
    VALUE("note", 0, "TEXT", "why", "理由"),
    END,
};

const struct mud_option mud_alert_mute_options[] = {
    SWITCH("off", 0, "match it again", "恢复匹配"),
    END,
};

const struct mud_option mud_trends_options[] = {
    VALUE("by", 0, "PERIOD", "week (from Monday) or month",
          "week（周一起）或 month"),
    VALUE("category", 'c', "NAME", "of this category only", "仅限该类别"),
    VALUE("product", 0, "ID", "prices of this product only", "仅该商品的价格"),
    VALUE("since", 0, "TIME", "posts from then on (a year ago)",
          "此时间起的帖子（默认一年前）"),
    VALUE("until", 0, "TIME", "posts until then", "至此时间的帖子"),
    VALUE("as-of", 0, "TIME", "by what was captured until then",
          "仅以此时之前的存证为据"),
    END,
};
