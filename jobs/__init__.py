"""What workers do: an id comes in, one service is called, and twice does no harm."""
