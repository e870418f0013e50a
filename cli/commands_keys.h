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
/* clang-format on */
