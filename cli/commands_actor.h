/* The rows of `mudlark actor` for the table of cli/commands.c, which includes
 * them in its midst. */
/* clang-format off */
    {"actor confirm",
     "A B",
     2,
     2,
     mud_actor_options,
     "say that two are one person",
     "认定两者为同一人",
     "A and B are nodes (id, TYPE:VALUE, name) or actors (id), of which the "
     "first persona is meant. The verdict joins their actors at once and in "
     "every later computation and rebuild, until another one is given on the "
     "same two; who, when and why are kept.",
     "A、B 为节点（编号、类型:值、名称）或行为者（编号，取其首个身份）。认定立即合并两者"
     "所属的行为者，此后每次计算与重建均有效，直至对同一对另作认定；认定人、时间与理由"
     "均予保留。",
     "mudlark actor confirm telegram:user9900200026 qq:9812345670 --reason "
     "\"same voice in both\"",
     mud_cmd_actor_confirm},
    {"actor split",
     "A B",
     2,
     2,
     mud_actor_options,
     "part two that one actor holds",
     "拆分同一行为者中的两者",
     "As forbid, of two nodes that one actor holds now. Where the claims "
     "between them meet, the one with least evidence is cut.",
     "同 forbid，但两者现属同一行为者。两者之间的断言链在证据最少处断开。",
     "mudlark actor split telegram:user9900200026 qq:9812345670 --reason "
     "\"the number was sold\"",
     mud_cmd_actor_split},
    {"actor forbid",
     "A B",
     2,
     2,
     mud_actor_options,
     "say that two are not one person",
     "认定两者并非同一人",
     "Their actors are never joined, whatever is found between them; the "
     "claims stay, and say why they do not hold.",
     "无论发现何种关联，两者所属的行为者都不会合并；断言保留，并注明不成立的原因。",
     "mudlark actor forbid telegram:user9900200026 telegram:user9900200027 "
     "--reason \"impersonator\"",
     mud_cmd_actor_forbid},
    {"actor withdraw",
     "A B",
     2,
     2,
     mud_actor_options,
     "take a verdict on two back",
     "撤回对两者的认定",
     "What was decided stays in the history; it counts no more.",
     "历史保留原认定，但不再生效。",
     "mudlark actor withdraw telegram:user9900200026 qq:9812345670 --reason "
     "\"was a mistake\"",
     mud_cmd_actor_withdraw},
    {"actor history",
     "ID",
     1,
     1,
     mud_no_options,
     "how an actor came to be",
     "行为者的形成过程",
     "Verdicts on its members, and which nodes came to it or left it, when, and "
     "over which claim. ID is an actor's, also of one that is no more, or a "
     "node as for why.",
     "对其成员的认定，以及哪些节点在何时、经由哪条断言加入或离开。ID 为行为者编号"
     "（含已不存在者），或同 why 的节点。",
     "mudlark actor history telegram:user9900200026",
     mud_cmd_actor_history},
    /* clang-format on */
