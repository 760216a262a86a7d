"""Operations on accounts: who somebody is, and what proves it."""
