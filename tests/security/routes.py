"""Every address the application has registered, and the right it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import Rule

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

# Whoever finds an address here that shouldn't be: it must ask for a right, or have a reason.
PUBLIC = {
    "static": "browser files, the same for all",
    "appbuilder.static": "old browser files of FAB: answers 404 to everybody",
    "assets.vendor": "browser files of packages, the same for all",
    "assets.own": "browser files, the same for all",
    "_health": "for the balancer: says ok, nothing else",
    "HomeView.index": "sends to log-in",
    "UtilView.back": "sends to a page of the session, which asks again",
    "LocaleView.index": "the language of the log-in page",
    "LogInView.login": "is how one signs in",
    "LogInView.logout": "ends a session, if there is one",
    "TokenApi.login": "is how a program signs in",
    "TokenApi.refresh": "wants a refresh token, which it checks",
    "SecondFactorView.code": "the second step of log-in; asks for the first",
    "SecondFactorView.cancel": "gives the second step of log-in up",
    "SingleSignOnView.begin": "sends to the identity provider",
    "SingleSignOnView.callback": "wants the provider's answer to a question of this browser",
    "ForgottenPasswordView.ask": "whoever forgot the password can't be signed in",
    "ForgottenPasswordView.reset": "wants the token of the e-mail",
    "VerifyEmailView.verify": "wants the token of the e-mail",
    "ProblemsView.index": "what codes of errors mean: the same for all",
    "ProblemsView.show": "what a code of an error means: the same for all",
    "SettingsApi.public": "settings that are marked as public, such as the name of the shop",
}
# Everybody who is signed in, whatever the roles: about oneself only.
ONES_OWN = {
    "ProfileView.userinfo": "one's own details",
    "PasswordView.change": "one's own password; asks for the current one",
    "VerifyEmailView.ask": "a link to one's own address",
    "SessionsView.sessions": "one's own sessions",
    "SessionsView.end": "ends a session of one's own",
    "SessionsView.end_others": "ends the other sessions of one's own",
    "SecurityView.security": "one's own second factor and PIN",
    "SecurityView.begin": "one's own second factor; asks for the password",
    "SecurityView.enable": "one's own second factor; asks for a code",
    "SecurityView.disable": "one's own second factor; asks for the password",
    "SecurityView.recovery_codes": "one's own recovery codes; asks for the password",
    "SecurityView.pin": "one's own PIN; asks for the password",
    "ApiKeysView.keys": "one's own keys, with no more rights than oneself",
    "ApiKeysView.revoke": "a key of one's own",
    "NotificationsView.inbox": "one's own notifications",
    "NotificationsView.count": "how many of one's own notifications are unread",
    "NotificationsView.latest": "one's own notifications",
    "NotificationsView.open": "a notification of one's own",
    "NotificationsView.read": "marks notifications of one's own as read",
    "NotificationsView.choices": "what oneself is told of",
    "WorkView.mine": "one's own background work",
    "WorkView.show": "one's own background work; that of others asks for the right",
    "WorkView.progress": "one's own background work; that of others asks for the right",
    "WorkView.file": "a file that one's own work made",
    "WorkView.cancel": "one's own background work; that of others asks for the right",
    "WorkView.retry": "one's own background work; that of others asks for the right",
    "WorkView.delete": "one's own background work; that of others asks for the right",
    "StopImpersonationView.stop": "back to oneself; refused to who acts as nobody",
    "TokenApi.logout": "ends the session of the token",
    "ConversationView.follow": "follows a record that one may read; asks for that right",
    "SearchView.page": "shows what one may read, and no more",
    "SearchView.results": "shows what one may read, and no more",
    "FavouritesView.page": "one's own favourites",
    "FavouritesView.add": "one's own favourites",
    "FavouritesView.remove": "one's own favourites",
    "FavouritesView.arrange": "one's own favourites",
    "HomeView.tile": "asks for the rights of each tile",
    "HomeView.arrange": "one's own start page",
    "OwnLookView.theme": "how one likes the pages",
    "OwnLookView.density": "how one likes the pages",
    "OwnLookView.language": "one's own language",
}
# What ends a session of ours comes last, in this order.
LAST = (
    "TokenApi.logout",
    "SessionsView.end_others",
    "SessionsView.end",
    "LogInView.logout",
)


@dataclass(frozen=True, slots=True)
class Door:
    """One address and method. ``right`` is empty for those of PUBLIC and ONES_OWN."""

    endpoint: str
    rule: str
    method: str
    right: str

    def url(self, value: str = "999999999") -> str:
        """The address with ``value`` in place of its variables, as far as they take it."""
        parts = []
        for part in self.rule.split("<"):
            _variable, found, rest = part.rpartition(">")
            parts.append(f"{value}{rest}" if found else part)
        return "".join(parts)

    @property
    def variable(self) -> bool:
        return "<" in self.rule

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def doors(app: Flask) -> list[Door]:
    """All of them, those that end a session last."""
    found = [door for rule in app.url_map.iter_rules() for door in _doors(app, rule)]
    return sorted(found, key=lambda door: (_place(door), str(door)))


def _place(door: Door) -> int:
    return LAST.index(door.endpoint) + 1 if door.endpoint in LAST else 0


def _doors(app: Flask, rule: Rule) -> Iterator[Door]:
    for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
        yield Door(rule.endpoint, rule.rule, method, right_of(app, rule.endpoint))


def right_of(app: Flask, endpoint: str) -> str:
    """The right as the decorators of the view ask for it; empty when none does."""
    name, _dot, method = endpoint.rpartition(".")
    view = next((v for v in app.appbuilder.baseviews if v.endpoint == name), None)
    asked = getattr(getattr(view, method, None), "_permission_name", None)
    if asked is None:
        return ""
    action = (view.method_permission_name or {}).get(method) or asked
    return f"{view.class_permission_name}:{action}"
