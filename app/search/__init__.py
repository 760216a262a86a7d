"""Finding anything by typing: records of all tables, screens, actions."""
