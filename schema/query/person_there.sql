-- Whether this database knows people yet: an older one, or an empty one, does not.
SELECT to_regclass('mud.person') IS NOT NULL
    AND to_regclass('mud.audit') IS NOT NULL
