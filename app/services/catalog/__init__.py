"""Operations on the catalogue: prices of many goods, variants, labels."""
