"""The frame of each page: favourites, recent records, theme and density, and what it costs."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from models.catalog import Brand
from models.identity import User
from models.workspace import Favourite, RecentRecord
from tests.rows import make_row
from tests.users import user_id_of

LIST = "/catalog/brands/list/"


def keep(client, url: str, title: str = "A page", **headers: str):
    return client.post("/favourites/add", data={"url": url, "title": title}, headers=headers)


def kept() -> list[str]:
    mine = sa.select(Favourite.url).order_by(Favourite.position)
    return list(session().scalars(mine))


def test_a_page_is_kept_found_in_the_navigation_and_let_go(sign_in):
    client = sign_in("admin")
    keep(client, f"{LIST}?q=x", "Brands with x · Qhatu")
    page = client.get(f"{LIST}?q=x").text
    assert "Brands with x</span>" in page
    assert 'aria-pressed="true" aria-label="Favourite"' in page
    assert 'aria-pressed="false" aria-label="Favourite"' in client.get(LIST).text
    client.post("/favourites/remove", data={"url": f"{LIST}?q=x"})
    assert kept() == []


def test_a_favourite_is_a_page_of_ours(sign_in):
    client = sign_in("admin")
    for url in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "", "x" * 3000):
        keep(client, url)
    assert kept() == []


def test_favourites_that_one_may_not_open_any_more_are_not_shown(sign_in):
    keep(sign_in("cashier"), "/identity/users/list/", "Users")
    assert "/identity/users/list/" not in sign_in("cashier").get("/favourites/").text
    keep(sign_in("admin"), "/identity/users/list/", "Users")
    assert "/identity/users/list/" in sign_in("admin").get("/favourites/").text


def test_favourites_are_put_in_order_by_script_and_without(sign_in):
    client = sign_in("admin")
    urls = ["/crm/deals/list/", "/crm/leads/list/", LIST]
    for url in urls:
        keep(client, url)
    client.post("/favourites/arrange", data={"up": LIST})
    assert kept() == ["/crm/deals/list/", LIST, "/crm/leads/list/"]
    client.post("/favourites/arrange", data={"url": [LIST, "/no/favourite"]})
    assert kept() == [LIST, "/crm/deals/list/", "/crm/leads/list/"]


def test_one_favourite_too_many_is_refused_in_a_sentence(sign_in, monkeypatch):
    monkeypatch.setattr("app.services.workspace.favourites.FAVOURITES_KEPT", 2)
    client = sign_in("admin")
    for number in range(2):
        keep(client, f"{LIST}?q={number}")
    json = {"X-Requested-With": "fetch", "Accept": "application/json"}
    refused = keep(client, f"{LIST}?q=3", **json)
    assert refused.status_code == 422
    assert "2 favourites" in refused.json["message"]
    assert keep(client, f"{LIST}?q=1", "Another name", **json).status_code == 200


def look_at(client, row) -> None:
    client.get(f"/catalog/brands/show/{row.id}").close()  # noted when the answer has been sent


def recent(client) -> str:
    return client.get("/home/tile/recent").text


@pytest.fixture
def brands(db_session) -> list[Brand]:
    rows = [make_row(Brand, name=f"Brand number {n}") for n in range(4)]
    session().commit()
    return rows


def test_records_looked_at_are_found_again_the_latest_first(sign_in, brands):
    client = sign_in("admin")
    for row in (*brands, brands[0]):
        look_at(client, row)
    listed = recent(client)
    places = [listed.index(f"Brand number {n}") for n in (0, 3, 2, 1)]
    assert places == sorted(places)
    assert "Brand number 2" in client.get("/search/results").text


def test_only_the_latest_records_are_kept(sign_in, brands, monkeypatch):
    monkeypatch.setattr("app.services.workspace.recent_records.RECENT_KEPT", 2)
    client = sign_in("admin")
    for row in brands:
        look_at(client, row)
    # The oldest are looked for before the newest is there.
    assert session().query(RecentRecord).count() <= 3


def test_records_that_are_gone_are_not_among_the_recent_ones(sign_in, brands):
    client = sign_in("admin")
    for row in brands:
        look_at(client, row)
    brands[1].name = "Renamed brand"
    session().delete(brands[2])
    session().commit()
    listed = recent(client)
    assert "Renamed brand" in listed
    assert "Brand number 2" not in listed


def test_recent_records_are_ones_own(sign_in, brands):
    look_at(sign_in("admin"), brands[0])
    assert "Brand number 0" not in recent(sign_in("manager"))


def test_theme_and_density_follow_the_person_to_another_computer(app, sign_in):
    client = sign_in("admin")
    client.post("/own/theme", data={"value": "dark"})
    client.post("/own/density", data={"value": "compact"})
    client.delete_cookie("theme")
    page = client.get("/").text
    assert 'data-bs-theme="dark"' in page
    assert 'data-density="compact"' in page
    client.post("/own/theme", data={"value": "auto"})
    client.set_cookie("theme", "dark")
    assert "data-bs-theme" not in client.get("/").text.partition("<head>")[0]
    assert client.post("/own/theme", data={"value": "pink"}).status_code == 400


def test_the_language_is_kept_with_the_person(sign_in):
    client = sign_in("admin")
    answer = client.post("/own/language", data={"value": "es", "next": "//evil.example"})
    assert answer.location == "/"
    assert session().get(User, user_id_of("admin")).language == "es"
    assert '<html lang="es"' in client.get("/profile/").text


def test_the_frame_costs_one_statement_and_a_visit_none(sign_in, brands, count_statements):
    client = sign_in("admin")
    url = f"/catalog/brands/show/{brands[0].id}"
    client.get(url).close()
    keep(client, LIST)
    with count_statements() as statements:
        answer = client.get(url)
    ours = [s for s in statements if "workspace.favourites" in s or "recent_records" in s]
    assert len(ours) == 1, ours
    with count_statements() as after:
        answer.close()
    assert len([s for s in after if "recent_records" in s]) == 1
