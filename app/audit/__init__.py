"""Who changed what: the triggers that record it, who is named, and who may not touch the record."""
