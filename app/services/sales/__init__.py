"""Operations of the till: cash sessions, checkout, receipts."""
