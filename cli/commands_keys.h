/* The rows of `mudlark keys` for the table of cli/commands.c, which includes
 * them in its midst. */
/* clang-format off */
    {"keys new",
     "",
     0,
     0,
     mud_no_options,
     "make the machine key that seals originals",
     "生成封存原件所用的机器密钥",
     "A new MUDLARK_HOME makes one by itself, at keys/machine.key, or where "
     "MUDLARK_KEY says. A vault that was begun without goes on in the clear "
     "until this command; what is in it stays as it is. Without the key nothing "
     "that is sealed can be read: keep a copy (mudlark keys export) elsewhere.",
     "新建的 MUDLARK_HOME 会自动生成（keys/machine.key，或 MUDLARK_KEY 指定的位置）。未启用"
     "封存的旧证据库在执行本命令后，新内容即加密封存，原有内容不变。没有密钥，封存内容无法读取："
     "请另存副本（mudlark keys export）。",
     "mudlark keys new",
     mud_cmd_keys_new},
    {"keys list",
     "",
     0,
     0,
     mud_no_options,
     "show the machine key's place and the data keys",
     "显示机器密钥位置与各数据密钥",
     "Each month and retention class has a data key, closed with the machine "
     "key, in the database and in vault/keys. Of those that were destroyed: "
     "when, by whom, and why. No key itself is ever shown.",
     "每个月、每种保存期各有一个数据密钥，用机器密钥加密，存于数据库与 vault/keys。已销毁的显示"
     "时间、操作人与原因。从不显示密钥本身。",
     "mudlark keys list",
     mud_cmd_keys_list},
    {"keys rotate",
     "",
     0,
     0,
     mud_no_options,
     "replace the machine key and destroy the old one",
     "更换机器密钥并销毁旧密钥",
     "All data keys are closed anew; the sealed files stay as they are. Killed "
     "at any point, everything stays readable, and the next call goes on. Other "
     "hosts of the vault need the new key file. After a purge this makes "
     "backups of the database open nothing of what was purged.",
     "用新密钥重新加密全部数据密钥，封存文件不变。任何时刻中断均不影响读取，再次执行即可继续。"
     "共用证据库的其他主机需要新的密钥文件。清除之后更换，旧数据库备份也无法再打开已清除的内容。",
     "mudlark keys rotate",
     mud_cmd_keys_rotate},
    {"keys export",
     "FILE",
     1,
     1,
     mud_keys_options,
     "write the machine key to a file, closed with a passphrase",
     "将机器密钥用口令加密后写入文件",
     "argon2id, 256 MiB. The passphrase comes from --passphrase-file or "
     "MUDLARK_PASSPHRASE. Keep file and passphrase apart.",
     "采用 argon2id（256 MiB）。口令取自 --passphrase-file 或 MUDLARK_PASSPHRASE。文件与口令"
     "请分开保管。",
     "mudlark keys export /media/safe/mudlark.key --passphrase-file phrase",
     mud_cmd_keys_export},
    {"keys import",
     "FILE",
     1,
     1,
     mud_keys_options,
     "put a machine key that was exported back in its place",
     "将导出的机器密钥恢复到位",
     "On a new machine, or after a loss. Nothing is overwritten.",
     "用于新机器或密钥丢失之后，不覆盖现有密钥。",
     "mudlark keys import mudlark.key --passphrase-file phrase",
     mud_cmd_keys_import},
    {"retention list",
     "",
     0,
     0,
     mud_no_options,
     "show how long originals are kept, and what is held",
     "显示原件保存期与冻结情况",
     "Each source with its class (a year unless it was set), its captures, and "
     "how many of them are purged; then the legal holds.",
     "各来源的保存期（未设定为一年）、存证数与已清除数，以及各项冻结。",
     "mudlark retention list",
     mud_cmd_retention_list},
    {"retention set",
     "SOURCE CLASS",
     2,
     2,
     mud_no_options,
     "set how long a source's originals are kept: 1m, 3m, 1y, 3y, 10y",
     "设定来源原件的保存期：1m、3m、1y、3y、10y",
     "Counted from the end of the month in which a capture was sealed. What is "
     "sealed already is kept at least as long as it was to be: a longer class "
     "holds it, a shorter one counts from now on.",
     "自存证封存当月月末起算。已封存的至少按原保存期保存：改长即随之延长，改短只对此后封存的生效。",
     "mudlark retention set board 3y",
     mud_cmd_retention_set},
    {"retention run",
     "",
     0,
     0,
     mud_retention_options,
     "purge what is over, and drop bystanders' posts",
     "清除到期原件并删除旁观者帖子",
     "Destroys the data key of each month and class that is over, so that "
     "nothing sealed with it can be read any more; what is held keeps a key of "
     "its own. Rows, digests and ledger lines stay and say that it was purged, "
     "when, by whom and why. What was derived is then made anew from what is "
     "left. Posts of persons who offer nothing illicit, which nobody saw for 90 "
     "days and no claim or case rests on, are dropped. Backups of the database "
     "hold closed keys: mudlark keys rotate afterwards makes those useless.",
     "销毁已到期的月份与保存期所对应的数据密钥，其封存内容即不可再读；被冻结的另存其自身密钥。"
     "数据库行、校验值与账本行保留，并注明清除的时间、操作人与原因。随后由剩余存证重建派生数据。"
     "未提供违法内容者的帖子，90 天无人再见且不被任何断言或案件所依据的，予以删除。数据库备份中含"
     "有已加密的密钥：清除后执行 mudlark keys rotate 可使其失效。",
     "mudlark retention run --dry-run",
     mud_cmd_retention_run},
    {"retention hold",
     "KIND OBJECT",
     2,
     2,
     mud_hold_options,
     "hold a source, capture, case or actor: not purged until released",
     "冻结来源、存证、案件或行为人：解除前不清除",
     "KIND is source (by name), capture (by id), case (by its number, with "
     "--capture for each capture) or actor (by id, TYPE:VALUE or name: all that "
     "what is known of it rests on, also what comes in later). The ledger "
     "keeps who and why.",
     "KIND 为 source（名称）、capture（编号）、case（案号，用 --capture 逐一列出存证）或 "
     "actor（编号、类型:值或名称：其已知信息所依据的全部存证，含此后新增）。账本记录操作人与原因。",
     "mudlark retention hold source board --reason 'request 12/2026'\n"
     "mudlark retention hold actor qq:9812345670 --reason 'case 7'",
     mud_cmd_retention_hold},
    {"retention release",
     "KIND OBJECT",
     2,
     2,
     mud_release_options,
     "let go what is held",
     "解除冻结",
     "What is over by then goes with the next mudlark retention run.",
     "届时已到期的，将在下次 mudlark retention run 时清除。",
     "mudlark retention release source board --reason 'closed'",
     mud_cmd_retention_release},
    /* clang-format on */
