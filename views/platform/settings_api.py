"""Settings over REST: the public ones for anybody, the others with the rights of the page."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import sqlalchemy as sa
from flask import jsonify, make_response, request
from flask_appbuilder.api import BaseApi, expose, safe
from flask_appbuilder.security.decorators import permission_name, protect

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.locale import user_language
from app.security.rights import current_actor
from app.services.platform.change_settings import (
    KEPT_BY_THE_SYSTEM,
    ChangeSettings,
    SettingChange,
    SettingNotFoundError,
    change_settings,
)
from app.services.platform.read_setting import read_public_settings
from app.settings.texts import help_of, label_of
from models.platform import SystemSetting

KEY = re.compile(r"[a-z][a-z0-9_.]*", re.ASCII)


class SettingsApi(BaseApi):
    """Values are JSON; decimals, dates and times travel as text. A secret's value never leaves."""

    resource_name = "settings"
    class_permission_name = "platform.settings"
    openapi_spec_tag = "Settings"

    @expose("/public", methods=["GET"])
    @safe
    def public(self) -> Any:
        """The public settings
        ---
        get:
          summary: Values of the settings that need no log-in
          security: []
          responses:
            200:
              description: Values by key
              content:
                application/json:
                  schema: {type: object, properties: {result: {type: object}}}
            304: {description: The values that the ETag is of haven't changed}
        """
        response = make_response(jsonify(result=read_public_settings()))
        response.cache_control.public = True
        response.cache_control.no_cache = True
        response.add_etag()
        return response.make_conditional(request)

    @expose("/", methods=["GET"])
    @protect()
    @safe
    @permission_name("read")
    def settings(self) -> Any:
        """All settings
        ---
        get:
          summary: All settings with their values; of secrets only whether they are set
          responses:
            200:
              description: The settings
              content: {application/json: {schema: {type: object}}}
            401: {$ref: '#/components/responses/401'}
            403: {$ref: '#/components/responses/403'}
        """
        statement = _shown_settings().order_by(SystemSetting.setting_key)
        language = user_language()
        found = [_as_json(row, language) for row in session().scalars(statement)]
        return self.response(200, count=len(found), result=found)

    @expose("/<key>", methods=["GET"])
    @protect()
    @safe
    @permission_name("read")
    def setting(self, key: str) -> Any:
        """One setting
        ---
        get:
          summary: One setting by its key
          parameters:
          - in: path
            name: key
            required: true
            description: Key of the setting, such as company.name
            schema: {type: string}
          responses:
            200:
              description: The setting
              content: {application/json: {schema: {type: object}}}
            401: {$ref: '#/components/responses/401'}
            403: {$ref: '#/components/responses/403'}
            404: {$ref: '#/components/responses/404'}
        """
        return self._answer(key)

    @expose("/<key>", methods=["PUT"])
    @protect()
    @safe
    @permission_name("update")
    def change(self, key: str) -> Any:
        """Change a setting
        ---
        put:
          summary: Set a setting, or go back to its default with null
          parameters:
          - in: path
            name: key
            required: true
            description: Key of the setting, such as company.name
            schema: {type: string}
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  type: object
                  required: [value]
                  properties:
                    value: {description: "JSON of the setting's type; null for the default"}
          responses:
            200:
              description: The setting as it is now
              content: {application/json: {schema: {type: object}}}
            400: {$ref: '#/components/responses/400'}
            401: {$ref: '#/components/responses/401'}
            403: {$ref: '#/components/responses/403'}
            404: {$ref: '#/components/responses/404'}
            422: {$ref: '#/components/responses/422'}
        """
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or set(body) != {"value"}:
            return self.response_400(message=_("Send a JSON object with the value."))
        if not KEY.fullmatch(key):
            return self.response_404()
        command = ChangeSettings((SettingChange(key, body["value"]),))
        try:
            change_settings(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))
        except SettingNotFoundError:
            return self.response_404()
        except DomainError as error:
            answer = jsonify(code=error.code, message=error.message, fields=error.fields)
            return make_response(answer, error.status)
        return self._answer(key)

    def _answer(self, key: str) -> Any:
        known = _shown_settings().where(SystemSetting.setting_key == key)
        row = session().scalar(known) if KEY.fullmatch(key) else None
        if row is None:
            return self.response_404()
        return self.response(200, result=_as_json(row, user_language()))


def _shown_settings() -> sa.Select[SystemSetting]:
    return sa.select(SystemSetting).where(SystemSetting.setting_group != KEPT_BY_THE_SYSTEM)


def _as_json(row: SystemSetting, language: str) -> dict[str, Any]:
    common = {
        "key": row.setting_key,
        "group": row.setting_group,
        "type": row.setting_type,
        "label": label_of(row, language),
        "description": help_of(row, language),
        "rules": row.validation_rules,
        "is_public": row.is_public,
        "is_secret": row.is_encrypted,
        "updated_at": row.updated_at.isoformat(),
    }
    if row.is_encrypted:
        return {**common, "is_set": row.encrypted_value is not None}
    value = row.default_value if row.setting_value is None else row.setting_value
    return {**common, "value": value, "default": row.default_value}
