-- All segments, the smallest first.
SELECT segment, docs FROM search_segment ORDER BY docs, segment
