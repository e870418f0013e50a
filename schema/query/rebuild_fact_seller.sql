-- The sellers of the last run; $1: by the rebuild.
INSERT INTO rebuild_fact (key, what, later, source_id, shown, value)
SELECT actor_id, 'seller', $1::boolean, NULL,
    jsonb_build_object('seller', actor_id, 'names', summary -> 'names'),
    'score ' || score || ', ' || jsonb_array_length(summary -> 'personas')
        || ' personas, ' || jsonb_array_length(summary -> 'contacts')
        || ' contacts, ' || (summary ->> 'offers') || ' offers'
FROM actor
