-- Nobody wants them any more.
DELETE FROM alert_waiting
