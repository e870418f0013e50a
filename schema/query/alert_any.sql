-- Is there a saved search that wants hits?
SELECT EXISTS (SELECT FROM alert WHERE NOT muted)
