"""Operations that every domain shares: claims, number series, upkeep, checks of the ledgers."""
