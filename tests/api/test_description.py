"""The OpenAPI description: valid, with examples that hold, and cheap to ask for again."""

from __future__ import annotations

import json

import pytest
from openapi_spec_validator import validate

from app.admin.describe import describe
from app.admin.rest.openapi import document_of, text_of
from app.admin.rest.schemas import write_schema
from app.admin.rest.shapes import change_example, new_example
from tests.api.resources import TABLES, path_of

SIZE = 2_500_000
DOCUMENT = "/api/v1/_openapi"


@pytest.fixture(scope="module")
def document(app):
    with app.test_request_context():
        text, _tag = text_of("v1")
    return json.loads(text)


def test_it_is_valid_and_of_bounded_size(app, document):
    validate(document)
    assert len(json.dumps(document)) < SIZE


def test_every_operation_has_a_name_of_its_own_a_tag_and_described_arguments(document):
    operations = [one for path in document["paths"].values() for one in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    tags = {tag["name"] for tag in document["tags"]}
    for operation in operations:
        assert set(operation["tags"]) <= tags
        for given in operation.get("parameters", ()):
            name = given.get("$ref", "").rpartition("/")[2]
            parameter = document["components"]["parameters"][name] if name else given
            assert parameter.get("description"), (operation["operationId"], parameter["name"])


def test_the_names_of_operations_stay(document):
    brands = path_of("catalog.brands")
    found = {
        operation["operationId"]
        for path, methods in document["paths"].items()
        if path.startswith(brands)
        for operation in methods.values()
    }
    assert found == {
        f"catalog_brands_{name}"
        for name in (
            *("list", "get", "info", "create", "change", "update", "delete"),
            *("create_many", "change_many", "delete_many"),
        )
    }


def test_every_address_of_the_api_is_described(app, document):
    described = set(document["paths"])
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/"):
            path = rule.rule.replace("<", "{").replace(">", "}")
            assert path in described, path


@pytest.mark.parametrize("resource", sorted(TABLES))
def test_the_example_of_a_body_is_one_that_is_accepted(app, resource):
    description = describe(TABLES[resource].model)
    with app.test_request_context():
        write_schema(description.model, adding=True)().load(new_example(description))
        changing = write_schema(description.model, adding=False)(partial=True)
        changing.load(change_example(description))


def test_it_is_made_once_and_not_sent_again_to_who_has_it(client, token, app):
    first = client.get(DOCUMENT, headers=token("admin"))
    assert first.status_code == 200
    known = {**token("admin"), "If-None-Match": first.headers["ETag"]}
    assert client.get(DOCUMENT, headers=known).status_code == 304
    with app.test_request_context():
        assert document_of("v1") is document_of("v1")
    assert client.get("/api/v9/_openapi", headers=token("admin")).status_code == 404
