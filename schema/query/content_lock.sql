-- Hold off mud_graph_clear until the end of this transaction.
SELECT pg_advisory_xact_lock_shared(hashtext('mud.graph'))
