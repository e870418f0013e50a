-- All entries of the analysts, those that switch built-in rows off first.
SELECT folded, kind, sense, is_off, term, category, weight, flags, since,
    source, note, state = 'active', added_at, added_by, changed_at, changed_by,
    reason
FROM lexicon_entry ORDER BY is_off DESC, folded, kind, sense
