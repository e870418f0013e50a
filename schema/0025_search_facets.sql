-- Search by facets: the index holds, beside the words of a text, what it says
-- and where it was seen (graph/facet.h). Segments of before have none of that,
-- so all texts wait to be indexed again; they are found meanwhile as before.
INSERT INTO mud.search_pending (content_id)
SELECT content_id FROM mud.content
ON CONFLICT DO NOTHING;

TRUNCATE mud.search_segment, mud.search_ids, mud.search_posting;
