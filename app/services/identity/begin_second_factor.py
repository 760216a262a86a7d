"""A user asks for two-step sign-in and gets a secret for the authenticator app."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from app.actor import Actor
from app.db import atomic
from app.domain.one_time_codes import new_secret, provisioning_uri
from app.encryption import decrypt, encrypt
from app.services.identity.credentials import lock_own_account, prove_password
from app.services.identity.second_factor_errors import SecondFactorOffError, SecondFactorOnError
from app.services.platform.read_setting import read_setting
from models.identity import User


@dataclass(frozen=True, slots=True)
class BeginSecondFactor:
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the authenticator app needs: the secret, and the same in an ``otpauth://`` address."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


def begin_second_factor(command: BeginSecondFactor, *, actor: Actor, now: dt.datetime) -> Enrolment:
    """Keep a new secret, encrypted, in place of one that was never confirmed.

    Nothing is asked for at log-in until a code confirms it. Whoever finds an open browser can't
    lock its owner out this way, for the password is wanted. Locks the user's row; raises
    :class:`WrongPasswordError` and :class:`SecondFactorOnError`.
    """
    prove_password(command.password, actor=actor, now=now)
    with atomic():
        user = lock_own_account(actor)
        if user.totp_enabled_at is not None:
            raise SecondFactorOnError
        secret = new_secret()
        user.totp_secret = encrypt(secret)
        return _enrolment(user, secret)


def read_enrolment(user: User) -> Enrolment:
    """The secret that waits for its first code; raises :class:`SecondFactorOffError` without one.

    Once confirmed it is never shown again: raises :class:`SecondFactorOnError`.
    """
    if user.totp_enabled_at is not None:
        raise SecondFactorOnError
    if user.totp_secret is None:
        raise SecondFactorOffError
    return _enrolment(user, decrypt(user.totp_secret))


def _enrolment(user: User, secret: str) -> Enrolment:
    issuer = str(read_setting("company.name", "Qhatu"))
    return Enrolment(secret, provisioning_uri(secret, account=user.email, issuer=issuer))
