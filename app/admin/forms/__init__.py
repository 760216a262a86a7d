"""Adding and changing a row by form."""
