"""Secrets in the database: encrypted, and brought under a new key."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from app import encryption
from app.db import atomic, session
from app.services.platform import rotate_keys as rotate_keys_module
from app.services.platform.change_settings import InvalidSettingError
from app.services.platform.read_setting import read_setting
from app.services.platform.rotate_keys import encrypted_columns, rotate_keys
from models.identity import User
from models.platform import SystemSetting
from tests.services.settings import change, row_of

SECRET = "sk_test_51Nothing"


def test_a_secret_is_kept_encrypted_and_read_in_plain(db_session):
    change("payments.stripe_secret_key", SECRET)
    row = row_of("payments.stripe_secret_key")
    assert SECRET not in str({name: getattr(row, name) for name in sa.inspect(row).dict})
    assert read_setting("payments.stripe_secret_key") == SECRET
    assert change("payments.stripe_secret_key", SECRET) == ()
    change("payments.stripe_secret_key", None)
    assert read_setting("payments.stripe_secret_key") is None


def test_a_secret_obeys_its_rules(db_session):
    with pytest.raises(InvalidSettingError) as refusal:
        change("payments.stripe_secret_key", "pk_1")
    assert "pk_1" not in str(refusal.value.fields)


@pytest.fixture
def new_keys(app):
    """Put new keys before, or in place of, those of the environment."""
    old = app.config["SETTINGS"].encryption_keys

    new = Fernet.generate_key().decode()

    def use(*, keep: bool) -> None:
        encryption.configure((new, *(old if keep else ())))

    yield use
    encryption.configure(old)


def test_every_column_that_says_it_is_encrypted_is_rotated(db_session):
    said = {
        f"{table.fullname}.{column.name}"
        for table in SystemSetting.metadata.tables.values()
        for column in table.columns
        if "encrypted" in (column.comment or "") and column.type.python_type is str
    }
    assert {f"{column.table.fullname}.{column.name}" for column in encrypted_columns()} == said


def test_secrets_come_under_the_newest_key_and_open_without_the_old_one(db_session, new_keys):
    admin = session().scalars(sa.select(User).where(User.username == "admin")).one()
    with atomic():
        admin.totp_secret = encryption.encrypt("JBSWY3DPEHPK3PXP")
    change("payments.stripe_secret_key", SECRET)
    before = row_of("payments.stripe_secret_key").updated_at
    new_keys(keep=True)
    done = {result.column: result for result in rotate_keys()}
    assert done["platform.system_settings.encrypted_value"].rotated == 1
    assert done["identity.users.totp_secret"].rotated == 1
    again = {result.column: result for result in rotate_keys()}
    assert again["platform.system_settings.encrypted_value"].newest == 1
    assert sum(result.rotated for result in again.values()) == 0
    assert row_of("payments.stripe_secret_key").updated_at == before
    new_keys(keep=False)
    assert read_setting("payments.stripe_secret_key") == SECRET


def test_a_rotation_that_is_broken_off_goes_on_where_it_was(db_session, new_keys, monkeypatch):
    secrets = {"payments.stripe_secret_key": SECRET, "payments.stripe_webhook_secret": "whsec_1"}
    for key, value in secrets.items():
        change(key, value)
    new_keys(keep=True)
    monkeypatch.setattr(rotate_keys_module, "BATCH", 1)
    rotated: list[str] = []

    def rotate_once(token: str) -> str:
        if rotated:
            raise ConnectionError
        rotated.append(token)
        return encryption.rotate(token)

    with monkeypatch.context() as broken:
        broken.setattr(rotate_keys_module, "rotate", rotate_once)
        with pytest.raises(ConnectionError):
            rotate_keys()
    done = {result.column: result for result in rotate_keys()}
    settings = done["platform.system_settings.encrypted_value"]
    assert (settings.rotated, settings.newest, settings.lost) == (1, 1, 0)
    new_keys(keep=False)
    assert {key: read_setting(key) for key in secrets} == secrets


def test_a_secret_whose_key_is_gone_is_one_sentence_and_may_be_replaced(db_session, new_keys):
    change("payments.stripe_secret_key", SECRET)
    new_keys(keep=False)
    with pytest.raises(encryption.UndecipherableError) as refusal:
        read_setting("payments.stripe_secret_key")
    assert refusal.value.code == "undecipherable"
    assert sum(result.lost for result in rotate_keys()) == 1
    change("payments.stripe_secret_key", "sk_new")
    assert read_setting("payments.stripe_secret_key") == "sk_new"
