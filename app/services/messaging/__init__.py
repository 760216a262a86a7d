"""Operations on e-mails waiting to be sent."""
