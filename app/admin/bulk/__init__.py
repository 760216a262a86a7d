"""Many rows at once, single cells, the trash, and what depends on a row that shall go."""
