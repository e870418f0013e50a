-- Which of the ids $1 (a JSON array) are there already.
SELECT capture_id FROM mud.capture
WHERE capture_id = ANY (SELECT v::uuid
    FROM jsonb_array_elements_text($1::jsonb) AS v)
