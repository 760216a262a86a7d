"""The second factor: asked for after the password, each code once, required by role."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pyotp
import pytest
import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.domain.access_policy import AccessPolicy, GrantedRole, RolePolicy
from app.encryption import decrypt, encrypt
from app.services.identity.check_second_factor import CheckSecondFactor, check_second_factor
from app.services.identity.disable_second_factor import DisableSecondFactor, disable_second_factor
from app.services.identity.second_factor_errors import (
    SecondFactorRequiredError,
    WrongCodeError,
    WrongPasswordError,
)
from models.identity import LoginAttempt, RecoveryCode, Role, User, UserSession
from tests.users import PASSWORD

BEGIN = "/profile/security/second-factor/begin"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = dt.datetime(2026, 6, 15, 15, 0, tzinfo=dt.UTC)


def code(at: dt.datetime | None = None) -> str:
    return pyotp.TOTP(SECRET).at(at or dt.datetime.now(dt.UTC))


def user_named(name: str = "cashier") -> User:
    found = sa.select(User).where(User.username == name)
    return session().scalars(found, execution_options={"populate_existing": True}).one()


@pytest.fixture
def enrolled(db_session) -> User:
    """The cashier with a second factor."""
    user = user_named()
    user.totp_secret = encrypt(SECRET)
    user.totp_enabled_at = NOW
    session().commit()
    return user


@pytest.fixture
def password_given(enrolled, client):
    """A browser in which the cashier's password was right."""
    answer = client.post(
        "/login/?next=/profile/", data={"username": "cashier", "password": PASSWORD}
    )
    assert answer.location == "/login/code/"
    return client


def set_required(name: str) -> None:
    role = session().scalars(sa.select(Role).where(Role.name == name)).one()
    role.policy = {**role.policy, "require_second_factor": True}
    session().commit()


def test_a_password_alone_signs_nobody_in(password_given):
    assert password_given.get("/profile/").status_code == 302
    sessions = sa.select(sa.func.count()).select_from(UserSession)
    assert session().scalar(sessions) == 0


def test_the_right_code_signs_in_and_goes_where_the_user_wanted(password_given):
    answer = password_given.post("/login/code/", data={"code": code()})
    assert answer.location == "/profile/"
    assert password_given.get("/profile/").status_code == 200
    assert session().scalars(sa.select(UserSession.login_method)).all() == ["totp"]


def test_the_session_token_is_another_one_after_the_code(password_given):
    before = password_given.get_cookie("qhatu").value
    password_given.post("/login/code/", data={"code": code()})
    assert password_given.get_cookie("qhatu").value != before


@pytest.mark.parametrize(
    "wrong", ["000000", "", "abcdef", "1" * 300, "aaaa-bbbb-cccc-dddd", "\x00"]
)
def test_a_wrong_code_signs_nobody_in(password_given, wrong):
    assert password_given.post("/login/code/", data={"code": wrong}).status_code == 200
    assert password_given.get("/profile/").status_code == 302


def test_a_code_works_once(password_given, app):
    used = code()
    password_given.post("/login/code/", data={"code": used})
    other = app.test_client()
    other.post("/login/", data={"username": "cashier", "password": PASSWORD})
    answer = other.post("/login/code/?_l_=en", data={"code": used})
    assert "already used" in answer.text
    assert other.get("/profile/").status_code == 302


def test_codes_of_the_steps_beside_work_and_older_ones_do_not(enrolled):
    for seconds, works in ((-61, False), (-30, True), (30, True), (61, False)):
        enrolled.totp_last_step = None
        session().commit()
        command = CheckSecondFactor(enrolled.id, code(NOW + dt.timedelta(seconds=seconds)))
        if works:
            assert check_second_factor(command, now=NOW) == "totp"
        else:
            with pytest.raises(WrongCodeError):
                check_second_factor(command, now=NOW)


def test_of_two_uses_of_a_code_at_once_one_wins(make_app, fresh_database):
    app = make_app(fresh_database)
    with app.app_context(), atomic():
        user = user_named()
        user.totp_secret, user.totp_enabled_at = encrypt(SECRET), NOW
        user_id = user.id
    barrier, results = threading.Barrier(4), []

    def use() -> None:
        with app.app_context():
            barrier.wait()
            try:
                results.append(check_second_factor(CheckSecondFactor(user_id, code(NOW)), now=NOW))
            except WrongCodeError:
                results.append(None)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [None, None, None, "totp"]


def test_wrong_codes_lock_the_account_and_then_the_right_one_is_refused_too(password_given):
    for _ in range(5):
        password_given.post("/login/code/", data={"code": "000000"})
    password_given.post("/login/code/", data={"code": code()})
    assert password_given.get("/profile/").status_code == 302
    outcomes = sa.select(LoginAttempt.outcome).where(LoginAttempt.method == "totp")
    assert session().scalars(outcomes.order_by(LoginAttempt.id)).all() == ["wrong_code"] * 5 + [
        "locked"
    ]


def test_the_code_page_wants_a_password_first_and_forgets_it_after_five_minutes(enrolled, client):
    import time_machine

    assert client.get("/login/code/").location == "/login/"
    client.post("/login/", data={"username": "cashier", "password": PASSWORD})
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=310)
    with time_machine.travel(later):
        assert client.post("/login/code/", data={"code": code()}).location == "/login/"


def test_setting_up_shows_a_secret_once_and_asks_for_a_code(sign_in):
    client = sign_in("cashier")
    page = client.post(BEGIN, data={"begin-password": PASSWORD})
    (shown,) = re.findall(r'class="secret">([A-Z2-7 ]+)<', page.text)
    secret = shown.replace(" ", "")
    assert "data:image/svg+xml" in page.text
    user = user_named()
    assert secret not in user.totp_secret
    assert decrypt(user.totp_secret) == secret
    wrong = client.post("/profile/security/second-factor/enable", data={"code": "000000"})
    assert wrong.status_code == 422
    assert user_named().totp_enabled_at is None
    right = client.post(
        "/profile/security/second-factor/enable", data={"code": pyotp.TOTP(secret).now()}
    )
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", right.text)
    assert len(set(codes)) == 10
    assert secret not in client.get("/profile/security/").text
    assert codes[0] not in client.get("/profile/security/").text
    again = client.post(BEGIN, data={"begin-password": PASSWORD})
    assert again.status_code == 409


def test_a_recovery_code_signs_in_once_and_only_its_hash_is_kept(sign_in, app):
    client = sign_in("cashier")
    client.post(BEGIN, data={"begin-password": PASSWORD})
    secret = decrypt(user_named().totp_secret)
    done = client.post(
        "/profile/security/second-factor/enable", data={"code": pyotp.TOTP(secret).now()}
    )
    typed = re.findall(r"<code>([a-z2-7-]{19})</code>", done.text)[0].upper().replace("-", " ")
    stored = session().scalars(sa.select(RecoveryCode.code_hash)).all()
    assert all(re.fullmatch(r"[0-9a-f]{64}", value) for value in stored)
    for works in (True, False):
        browser = app.test_client()
        browser.post("/login/", data={"username": "cashier", "password": PASSWORD})
        browser.post("/login/code/", data={"code": typed})
        assert (browser.get("/profile/").status_code == 200) is works


def test_setting_up_wants_the_password(sign_in):
    client = sign_in("cashier")
    answer = client.post(f"{BEGIN}?_l_=en", data={"begin-password": "wrong"})
    assert answer.status_code == 422
    assert user_named().totp_secret is None


def test_an_open_browser_is_no_place_to_guess_password_or_code(enrolled, sign_in):
    client = sign_in("cashier")
    path = "/profile/security/recovery-codes"
    for _ in range(5):
        client.post(path, data={"renew-code": "000000"})
    assert client.post(path, data={"renew-code": code()}).status_code == 422
    assert user_named().locked_until is not None


def test_new_recovery_codes_end_the_old_ones(enrolled, sign_in):
    session().add(RecoveryCode(user_id=enrolled.id, code_hash="0" * 64))
    session().commit()
    client = sign_in("cashier")
    assert (
        client.post("/profile/security/recovery-codes", data={"renew-code": "000000"}).status_code
        == 422
    )
    page = client.post("/profile/security/recovery-codes", data={"renew-code": code()})
    assert len(re.findall(r"<code>[a-z2-7-]{19}</code>", page.text)) == 10
    hashes = session().scalars(sa.select(RecoveryCode.code_hash)).all()
    assert len(hashes) == 10
    assert "0" * 64 not in hashes


def test_switching_off_wants_password_and_code(enrolled, sign_in):
    client = sign_in("cashier")
    path = "/profile/security/second-factor/disable"
    for password, typed in (("wrong", code()), (PASSWORD, "000000")):
        data = {"disable-password": password, "disable-code": typed}
        assert client.post(path, data=data).status_code == 422
    data = {"disable-password": PASSWORD, "disable-code": code()}
    assert client.post(path, data=data).status_code == 302
    assert user_named().totp_secret is None


def test_a_required_second_factor_can_not_be_switched_off(enrolled):
    policy = AccessPolicy((GrantedRole("x", frozenset(), RolePolicy(require_second_factor=True)),))
    actor = Actor(user_id=enrolled.id, name="", policy=policy)
    with pytest.raises(SecondFactorRequiredError):
        disable_second_factor(DisableSecondFactor(PASSWORD, code(NOW)), actor=actor, now=NOW)


def test_a_wrong_password_leaves_the_code_unused(enrolled):
    actor = Actor(user_id=enrolled.id, name="")
    with pytest.raises(WrongPasswordError):
        disable_second_factor(DisableSecondFactor("wrong", code(NOW)), actor=actor, now=NOW)
    disable_second_factor(DisableSecondFactor(PASSWORD, code(NOW)), actor=actor, now=NOW)


@pytest.mark.parametrize(
    "path", ["/", "/pos/", "/sales/orders/list/", "/profile/", "/no/such/page"]
)
def test_whose_role_requires_it_can_do_nothing_but_set_it_up(sign_in, path):
    set_required("Cashier")
    client = sign_in("cashier")
    assert client.get(path).location == "/profile/security/"
    assert client.get("/profile/security/").status_code == 200


def test_whose_role_requires_it_goes_on_once_it_is_set_up(sign_in):
    set_required("Cashier")
    client = sign_in("cashier")
    client.post(BEGIN, data={"begin-password": PASSWORD})
    secret = decrypt(user_named().totp_secret)
    client.post("/profile/security/second-factor/enable", data={"code": pyotp.TOTP(secret).now()})
    assert client.get("/profile/").status_code == 200


def test_an_administrator_resets_it_without_seeing_it(enrolled, sign_in):
    client = sign_in("admin")
    page = client.get(f"/identity/users/second-factor/{enrolled.id}")
    assert SECRET not in page.text
    assert client.post(f"/identity/users/second-factor/{enrolled.id}").status_code == 302
    assert user_named().totp_secret is None


def test_nobody_resets_their_own_or_without_the_right(enrolled, sign_in):
    client = sign_in("cashier")
    assert client.post(f"/identity/users/second-factor/{enrolled.id}").status_code == 403
    client = sign_in("admin")
    own = user_named("admin").id
    assert client.post(f"/identity/users/second-factor/{own}").status_code == 403


def test_a_secret_is_never_in_a_list_a_record_or_the_api(enrolled, sign_in, token):
    client = sign_in("admin")
    for path in (f"/identity/users/show/{enrolled.id}", "/identity/users/list/"):
        assert enrolled.totp_secret not in client.get(path).text
    answer = client.get(f"/api/v1/identity/users/{enrolled.id}", headers=token("admin"))
    assert "totp_secret" not in answer.text
