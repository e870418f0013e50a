-- Hold off every ingest until the end of this transaction.
SELECT pg_advisory_xact_lock(hashtext('mud.graph'))
