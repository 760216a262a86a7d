"""Many rows: lists, filters, paging, look-ups."""
