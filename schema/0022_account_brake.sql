-- How often a board let an account in on one day: a board on which its pages look
-- like a stranger's each time must not be asked without end.
ALTER TABLE mud.account
    ADD COLUMN log_ins    int NOT NULL DEFAULT 0, -- on log_in_day
    ADD COLUMN log_in_day date;                   -- UTC; NULL: never
