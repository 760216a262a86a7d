"""The kardex of a product on paper."""
