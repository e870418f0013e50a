-- Sources whose retention is not the usual one.
SELECT source_id, class FROM mud.retention
