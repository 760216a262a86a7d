"""What to take from the shelves for an order."""
