"""Comments: who may say, read, change and take away what; mentions; no markup gets through."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from models.catalog import Brand
from models.crm import Deal
from models.identity import User
from models.messaging import Notification
from models.workspace import Comment, Follower, Preference
from tests.rows import key_of, make_row, owned_row
from tests.security.scoped_rows import add_people
from tests.users import user_id_of

JSON = {"Accept": "application/json"}


@pytest.fixture
def people(db_session) -> dict[str, int]:
    """Ana, Ben and Carla see their own rows only; they may do anything with them."""
    talk = {"workspace.comments": "all", "workspace.followers": "all"}
    return add_people({"scope": {"*": "own", **talk}})


@pytest.fixture
def deal(people) -> Deal:
    made = owned_row(Deal, people["ana"], name="Big deal")
    session().commit()
    return made


@pytest.fixture
def brand(people) -> Brand:
    made = make_row(Brand, name="Shared brand")
    session().commit()
    return made


def say(client, row, body, **headers):
    table = row.__table__.fullname
    form = {"table": table, "record": key_of(row), "body": body}
    return client.post("/conversation/comment", data=form, headers=JSON | headers)


def timeline(client, row) -> str:
    path = row.__table__.fullname.replace(".", "/")
    return client.get(f"/{path}/timeline/{key_of(row)}").text


def told() -> list[tuple[int, str]]:
    rows = session().execute(
        sa.select(Notification.user_id, Notification.notification_type).order_by(Notification.id)
    )
    return [tuple(row) for row in rows]


def test_a_comment_is_on_the_timeline_of_its_record(sign_in, brand):
    client = sign_in("ana")
    answer = say(client, brand, "First words\nand more")
    assert answer.status_code == 200, answer.text
    assert "First words" in answer.json["html"]
    page = timeline(client, brand)
    assert "First words" in page
    assert "Ana Scoped" in page


def test_a_browser_without_scripts_goes_back_to_the_record(sign_in, brand):
    client = sign_in("ana")
    form = {"table": "catalog.brands", "record": key_of(brand), "body": "Words"}
    answer = client.post("/conversation/comment", data=form)
    assert answer.status_code == 302
    assert f"/catalog/brands/show/{key_of(brand)}#comment-" in answer.location
    empty = client.post("/conversation/comment", data=form | {"body": " "})
    assert empty.status_code == 302
    assert "Write something" in client.get(empty.location).text


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 5001])
def test_an_empty_or_endless_comment_is_refused(sign_in, brand, body):
    answer = say(sign_in("ana"), brand, body)
    assert answer.status_code == 422
    assert "5000" in answer.json["fields"]["body"]


def test_who_may_not_read_the_record_can_neither_read_nor_say_anything(sign_in, deal):
    say(sign_in("ana"), deal, "Between us")
    comment = session().scalar(sa.select(Comment.id))
    client = sign_in("ben")
    assert say(client, deal, "Me too").status_code == 404
    assert timeline(client, deal).count("Between us") == 0
    for path in (
        f"/conversation/comment/{comment}",
        f"/conversation/comment/{comment}/delete",
        f"/conversation/comment/{comment}/remove",
    ):
        assert client.post(path, data={"body": "x"}, headers=JSON).status_code == 404
    form = {"table": "crm.deals", "record": key_of(deal), "following": "1"}
    assert client.post("/conversation/follow", data=form, headers=JSON).status_code == 404
    query = {"table": "crm.deals", "record": key_of(deal), "q": "a"}
    assert client.get("/conversation/people", query_string=query, headers=JSON).status_code == 404


def test_the_generated_list_and_api_show_comments_on_readable_records_only(
    client, sign_in, token, deal, brand
):
    say(sign_in("ana"), deal, "Between us")
    say(sign_in("ana"), brand, "For all")
    for name, sees in (("ana", True), ("ben", False)):
        page = sign_in(name).get("/workspace/comments/list/").text
        assert ("Between us" in page) == sees
        assert "For all" in page
        answer = client.get("/api/v1/workspace/comments/", headers=token(name)).text
        assert ("Between us" in answer) == sees
    secret = session().scalar(sa.select(Comment.id).where(Comment.body == "Between us"))
    assert sign_in("ben").get(f"/workspace/comments/show/{secret}").status_code == 404
    followers = sign_in("ben").get("/workspace/followers/list/").text
    assert key_of(deal) not in followers


def test_without_the_right_nobody_comments(sign_in, brand):
    session().execute(
        sa.text(
            "DELETE FROM identity.role_permissions USING identity.permissions p"
            " WHERE role_permissions.permission_id = p.id AND p.slug = 'workspace.comments:create'"
        )
    )
    session().commit()
    client = sign_in("ana")
    assert say(client, brand, "Words").status_code == 403
    assert "data-comment-form" not in timeline(client, brand)


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        'https://x.pe/"onmouseover=alert(1)',
        "javascript:alert(1)",
        "@<b>ana</b>",
    ],
)
def test_no_markup_of_a_comment_reaches_the_page(sign_in, brand, body):
    client = sign_in("ana")
    html = say(client, brand, body).json["html"] + timeline(client, brand)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert 'href="javascript' not in html
    assert '"onmouseover' not in html.replace("&#34;", "")


def test_an_address_becomes_a_link_that_tells_nothing(sign_in, brand):
    html = say(sign_in("ana"), brand, "See https://x.pe/a?b=1&c=2.").json["html"]
    assert '<a href="https://x.pe/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">' in html


def test_who_is_mentioned_is_told_and_follows(sign_in, people, brand):
    html = say(sign_in("ana"), brand, "Look @Ben and @stranger").json["html"]
    assert 'title="Ben Scoped">@Ben</span>' in html
    assert 'class="mention"' in html
    assert html.count('class="mention"') == 1
    assert told() == [(people["ben"], "mentioned")]
    page = sign_in("ben").get("/notifications/").text
    assert "Ana Scoped mentioned you on Shared brand" in page
    assert "Look @Ben" in page
    assert "Ben Scoped: was mentioned" in timeline(sign_in("carla"), brand)


def test_one_who_may_not_see_the_record_can_not_be_mentioned(sign_in, deal):
    answer = say(sign_in("ana"), deal, "Look @ben and @carla")
    assert answer.status_code == 422
    assert "Ben Scoped, Carla Scoped may not see this record" in answer.json["fields"]["body"]
    assert session().scalar(sa.select(sa.func.count()).select_from(Comment)) == 0
    assert told() == []


def test_people_are_offered_who_may_see_the_record(sign_in, people, deal, brand):
    client = sign_in("ana")

    def offered(row, text) -> list[str]:
        query = {"table": row.__table__.fullname, "record": key_of(row), "q": text}
        found = client.get("/conversation/people", query_string=query).json["people"]
        return [person["username"] for person in found]

    assert offered(brand, "ben") == ["ben"]
    assert offered(brand, "scop") == ["ana", "ben", "carla"]
    assert offered(deal, "scop") == ["ana"]
    assert offered(brand, "%") == []
    session().get_one(User, people["ben"]).active = False
    session().commit()
    assert offered(brand, "ben") == []


def test_followers_are_told_of_comments_but_not_of_their_own(sign_in, people, brand):
    say(sign_in("ben"), brand, "One")
    assert told() == []
    say(sign_in("ana"), brand, "Two")
    assert told() == [(people["ben"], "commented")]
    say(sign_in("carla"), brand, "Three, @ben")
    assert told()[1:] == [(people["ben"], "mentioned"), (people["ana"], "commented")]


def test_the_owner_is_told_without_following(sign_in, people, deal):
    deal.owner_id = people["ana"]
    session().commit()
    say(sign_in("admin"), deal, "Hurry")
    assert told() == [(people["ana"], "commented")]


def test_who_has_stopped_following_hears_nothing_but_mentions(sign_in, people, brand):
    say(sign_in("ben"), brand, "One")
    form = {"table": "catalog.brands", "record": key_of(brand), "following": "0"}
    assert sign_in("ben").post("/conversation/follow", data=form, headers=JSON).json == {
        "following": False
    }
    say(sign_in("ana"), brand, "Two")
    assert told() == []
    say(sign_in("ana"), brand, "Three @ben")
    assert told() == [(people["ben"], "mentioned")]
    say(sign_in("ana"), brand, "Four")
    assert len(told()) == 1


def test_who_never_wants_to_follow_by_commenting_does_not(sign_in, people, brand):
    session().add(
        Preference(user_id=people["ben"], preference_key="following", value={"commented": False})
    )
    session().commit()
    say(sign_in("ben"), brand, "One")
    assert session().scalar(sa.select(sa.func.count()).select_from(Follower)) == 0


def test_only_the_author_changes_a_comment_and_that_is_said(sign_in, people, brand):
    say(sign_in("ana"), brand, "Furst")
    comment = session().scalars(sa.select(Comment)).one()
    path = f"/conversation/comment/{comment.id}"
    refused = sign_in("admin").post(path, data={"body": "Mine"}, headers=JSON)
    assert refused.status_code == 403
    answer = sign_in("ana").post(path, data={"body": "First @ben"}, headers=JSON)
    assert "(edited)" in answer.json["html"]
    assert told() == [(people["ben"], "mentioned")]
    sign_in("ana").post(path, data={"body": "First, @ben"}, headers=JSON)
    assert len(told()) == 1
    history = sign_in("admin").get(f"/workspace/comments/history/{comment.id}").text
    assert "Furst" in history


def test_the_author_takes_a_comment_away_and_others_need_the_right(sign_in, people, brand):
    say(sign_in("ana"), brand, "Regret @ben")
    comment = session().scalars(sa.select(Comment)).one()
    other = sign_in("cashier")
    assert other.post(f"/conversation/comment/{comment.id}/delete", headers=JSON).status_code in (
        403,
        404,
    )
    assert other.post(f"/conversation/comment/{comment.id}/remove", headers=JSON).status_code == 403
    client = sign_in("ana")
    client.post(f"/conversation/comment/{comment.id}/delete", headers=JSON)
    assert "Regret" not in timeline(client, brand)
    # Nor where somebody was told of it.
    assert "Regret" not in sign_in("ben").get("/notifications/").text
    say(sign_in("ana"), brand, "Rude")
    rude = session().scalar(sa.select(Comment.id).where(Comment.body == "Rude"))
    assert (
        sign_in("admin").post(f"/conversation/comment/{rude}/remove", headers=JSON).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("no.such", "1"),
        ("workspace.comments", "1"),
        ("workspace.preferences", "1"),
        ("catalog.brands", "x"),
        ("catalog.brands", "999999999"),
        ("catalog.brands", "1~2"),
        ("catalog.brands", "9" * 30),
    ],
)
def test_there_is_no_talk_about_what_is_no_record(sign_in, people, table, key):
    form = {"table": table, "record": key, "body": "Words", "following": "1"}
    client = sign_in("admin")
    for path in ("/conversation/comment", "/conversation/follow"):
        assert client.post(path, data=form, headers=JSON).status_code == 404, path


def test_a_record_in_the_trash_keeps_its_talk_but_gets_no_more(sign_in, people):
    from models.crm import Company

    company = make_row(Company, name="Old company")
    session().commit()
    client = sign_in("admin")
    say(client, company, "Before")
    client.post(f"/crm/companies/delete/{company.id}", data={"reason": "x"})
    page = timeline(client, company)
    assert "Before" in page
    assert "data-comment-form" not in page
    assert say(client, company, "After").status_code == 404


def test_admins_words_are_theirs(sign_in, people, brand):
    """Nobody else's name can be given."""
    form = {
        "table": "catalog.brands",
        "record": key_of(brand),
        "body": "x",
        "author_id": str(people["ben"]),
    }
    sign_in("ana").post("/conversation/comment", data=form, headers=JSON)
    assert session().scalars(sa.select(Comment.author_id)).one() == people["ana"]
    assert user_id_of("admin") != people["ana"]
