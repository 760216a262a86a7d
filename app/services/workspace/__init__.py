"""What people keep for themselves: preferences and saved views of lists."""
