"""What people make themselves at home with: their views, drafts, favourites, talk and long work.

Neither ERD has these tables; each class says why it is needed.
"""
