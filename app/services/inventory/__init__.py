"""Operations on stock and its ledger."""
