"""Other views of a list: board, calendar, tree, gallery, chart."""
