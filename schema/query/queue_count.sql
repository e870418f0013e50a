-- Jobs of one queue by state.
SELECT count(*) FILTER (WHERE state = 'waiting'),
    count(*) FILTER (WHERE state = 'leased'),
    count(*) FILTER (WHERE state = 'failed')
FROM mud.job WHERE queue = $1::text
