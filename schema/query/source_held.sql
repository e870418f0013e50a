-- Whether the source named $1 holds evidence.
SELECT EXISTS (SELECT 1 FROM mud.capture
               WHERE source_id = (SELECT source_id FROM mud.source
                                  WHERE name = $1))
