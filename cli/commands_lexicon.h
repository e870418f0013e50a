/* The rows of `mudlark lexicon` for the table of cli/commands.c, which includes
 * them in its midst. */
/* clang-format off */
    {"lexicon list",
     "[PART]",
     0,
     1,
     mud_lexicon_list_options,
     "list the terms of the analysts",
     "列出分析员词条",
     "Terms that analysts added to those of the program, and built-in ones that "
     "they switched off. PART: terms that hold it. --builtin lists the "
     "program's own too; --senses the meanings that rules know.",
     "分析员添加的词条，以及被停用的内置词条。PART：仅含该片段的词条。--builtin 同时"
     "列出内置词条；--senses 列出规则可用的含义。",
     "mudlark lexicon list\nmudlark lexicon list --builtin --kind product "
     "--category bots\nmudlark lexicon list --senses --kind product",
     mud_cmd_lexicon_list},
    {"lexicon show",
     "TERM",
     1,
     1,
     mud_no_options,
     "all that is known of a term",
     "显示词条及其历史",
     "Entries of the analysts and built-in rows of the term, in any way of "
     "writing it, and who changed what, when and why.",
     "该词（任何写法）的自有与内置词条，以及何人、何时、因何修改。",
     "mudlark lexicon show 肉鸡",
     mud_cmd_lexicon_show},
    {"lexicon add",
     "TERM",
     1,
     1,
     mud_lexicon_row_options,
     "add a term, or change it",
     "添加或修改词条",
     "From now on texts are read with it; those that are stored keep their "
     "reading until mudlark rebuild. A kind is not needed with the sense of a "
     "product. Traditional, full-width and disguised writing of TERM are "
     "matched too. Words that are ordinary otherwise want --weak. See first what "
     "it would do: mudlark lexicon test.",
     "此后的文本按其解读；已入库文本在 mudlark rebuild 前保持原解读。含义为商品时可"
     "省略 --kind。繁体、全角及变形写法同样匹配。常用词请加 --weak。可先用 mudlark "
     "lexicon test 查看效果。",
     "mudlark lexicon add 铁皮鸡 --sense bot_host --note 'seen in two groups'\n"
     "mudlark lexicon add 放水 --kind verb --sense sell --weight 2",
     mud_cmd_lexicon_add},
    {"lexicon disable",
     "TERM",
     1,
     1,
     mud_lexicon_disable_options,
     "stop using a term, also a built-in one",
     "停用词条（含内置词条）",
     "Entries of the analysts are kept and not used; where there is none, "
     "the built-in rows of the term are switched off. A built-in row that an "
     "entry took the place of is back when the entry is disabled.",
     "自有词条保留但不使用；若无自有词条，则停用内置词条。自有词条停用后，被其"
     "替代的内置词条恢复。",
     "mudlark lexicon disable 飞机 --kind platform --reason 'aeroplanes here'",
     mud_cmd_lexicon_disable},
    {"lexicon enable",
     "TERM",
     1,
     1,
     mud_lexicon_state_options,
     "use a disabled term again",
     "重新启用词条",
     "Entries of the analysts that are disabled, and built-in rows that were "
     "switched off.",
     "重新启用停用的自有词条及内置词条。",
     "mudlark lexicon enable 飞机",
     mud_cmd_lexicon_enable},
    {"lexicon remove",
     "TERM",
     1,
     1,
     mud_lexicon_state_options,
     "take entries of the analysts out",
     "删除自有词条",
     "Their history stays. Built-in rows cannot be removed: disable them.",
     "历史保留。内置词条不能删除，只能停用。",
     "mudlark lexicon remove 铁皮鸡 --reason 'a nickname, no goods'",
     mud_cmd_lexicon_remove},
    {"lexicon check",
     "[FILE]",
     0,
     1,
     mud_lexicon_check_options,
     "check a table of terms, or the entries",
     "检查词表",
     "With FILE, without a database: each line that no reader takes (unknown "
     "kind, sense or category, a term that folds to nothing), and what is "
     "doubtful: ordinary words, lines that are read alike, clashes with "
     "built-in rows. Without FILE: the entries in use, and whether lexicon.tsv "
     "is what the database has. Exit code 0 only if there is no error.",
     "带 FILE（不需数据库）：列出无法使用的行（类型、含义或类别未知，折叠后为空）及可疑"
     "项：常用词、读法相同的行、与内置词条冲突。不带 FILE：检查在用词条，及 lexicon.tsv "
     "是否与数据库一致。无错误才返回 0。",
     "mudlark lexicon check terms.tsv\nmudlark lexicon check --repair",
     mud_cmd_lexicon_check},
    {"lexicon import",
     "[FILE]",
     0,
     1,
     mud_lexicon_import_options,
     "take in a table of terms",
     "导入词表",
     "All lines or none. Without FILE: lexicon.tsv as it was changed by hand; "
     "lines that were deleted there are disabled.",
     "全部导入或全不导入。不带 FILE：收入手工修改过的 lexicon.tsv，其中被删除的行将"
     "停用。",
     "mudlark lexicon import terms.tsv --reason 'list of the sister team'",
     mud_cmd_lexicon_import},
    {"lexicon export",
     "",
     0,
     0,
     mud_no_options,
     "print the entries in use as a table",
     "输出在用词条",
     "The same lines as lexicon.tsv.",
     "内容与 lexicon.tsv 相同。",
     "mudlark lexicon export > terms.tsv",
     mud_cmd_lexicon_export},
    {"lexicon suggest",
     "",
     0,
     0,
     mud_lexicon_suggest_options,
     "propose unknown terms of the stored posts",
     "从已存帖子中推荐未知词",
     "Runs of characters that behave like a word, are in no table, stand where "
     "goods are dealt in, are used by several authors and keep the company of "
     "known goods; ranked, with the reasons from 0 to 1 and example posts. "
     "Texts that are nearly the same count once; contacts and victims' data are "
     "left out. Terms that were accepted or rejected do not come again.",
     "像词一样使用、不在任何词表、出现在交易语境、由多名作者使用且与已知商品语境相近的字"
     "串；按评分排列，附 0 至 1 的各项理由与示例。近似重复的文本只计一次，联系方式与受害"
     "人数据已排除。已采纳或拒绝的词不再出现。",
     "mudlark lexicon suggest -n 20\nmudlark lexicon suggest --since 2026-10-01",
     mud_cmd_lexicon_suggest},
    {"lexicon accept",
     "TERM",
     1,
     1,
     mud_lexicon_row_options,
     "add a term that was proposed",
     "采纳推荐的词",
     "As lexicon add; the history says that it was proposed.",
     "同 lexicon add；历史中注明来自推荐。",
     "mudlark lexicon accept 铁皮鸡 --sense bot_host",
     mud_cmd_lexicon_accept},
    {"lexicon reject",
     "TERM",
     1,
     1,
     mud_lexicon_reject_options,
     "do not propose a term again",
     "不再推荐某词",
     "Remembered with who, when and why, until the term is added.",
     "记录何人、何时、因何，直至该词被添加。",
     "mudlark lexicon reject 老铁 --reason 'a form of address'",
     mud_cmd_lexicon_reject},
    {"lexicon test",
     "TERM [TEXT...]",
     1,
     -1,
     mud_lexicon_test_options,
     "how texts are read with a term and without it",
     "对比有无某词时的解读",
     "With --kind and --sense: what the entry would change; without: what the "
     "entries in use do. Reads the TEXTs (no database), or stored posts that "
     "hold the term. Nothing is changed.",
     "给出 --kind、--sense 时显示该词条将带来的变化；否则显示在用词条的作用。解读给定的 "
     "TEXT（不需数据库），或含该词的已存帖子。不作任何修改。",
     "mudlark lexicon test 铁皮鸡 --sense bot_host '出铁皮鸡五百台'\n"
     "mudlark lexicon test 肉鸡",
     mud_cmd_lexicon_test},
    {"lexicon hits",
     "TERM",
     1,
     1,
     mud_lexicon_hits_options,
     "where a term stands in the stored posts",
     "某词在已存帖子中的命中",
     "In how many posts, by source, month and category, with examples; in what "
     "their authors wrote themselves, not in quotes and signatures. TERM need "
     "not be in the lexicon.",
     "命中的帖子数，按来源、月份、类别统计，附示例；仅限作者自己的文字，不含引用与签名。"
     "TERM 不必已在词表中。",
     "mudlark lexicon hits 铁皮鸡",
     mud_cmd_lexicon_hits},
