-- Add an entry or change the one of its term, kind, sense and use.
INSERT INTO lexicon_entry (folded, kind, sense, is_off, term, category, weight,
    flags, since, source, note, state, added_at, added_by, changed_at,
    changed_by, reason)
VALUES ($1, $2, $3, $4::boolean, $5, $6, $7::int, $8, $9, $10, $11, $12,
    $13::timestamptz, $14, $13::timestamptz, $14, $15)
ON CONFLICT (folded, kind, sense, is_off) DO UPDATE SET
    term = excluded.term, category = excluded.category,
    weight = excluded.weight, flags = excluded.flags, since = excluded.since,
    source = excluded.source, note = excluded.note, state = excluded.state,
    changed_at = excluded.changed_at, changed_by = excluded.changed_by,
    reason = excluded.reason
