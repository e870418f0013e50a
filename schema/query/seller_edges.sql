-- Strong claims and places (graph/ids.h): how many pieces of evidence, from adverts of
-- escrow and market groups, from others.
SELECT src, kind, dst, count(*), bool_or(category = 11),
    bool_or(category <> 11)
FROM claim_evidence WHERE kind <= 3 OR kind = 8
GROUP BY src, kind, dst
