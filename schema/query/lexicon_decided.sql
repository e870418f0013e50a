-- Folded terms that an analyst decided on: refused, added, or disabled.
SELECT folded FROM lexicon_refused
UNION SELECT folded FROM lexicon_entry ORDER BY 1
