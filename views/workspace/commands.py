"""The actions of the palette that aren't screens: they press buttons of the page's own frame."""

from __future__ import annotations

from app.i18n import lazy_gettext as _l
from app.search.commands import Command, register_command


def _button(kind: str, value: str) -> str:
    """The button of the user's menu that chooses ``value``, as a CSS selector."""
    return f'[data-look="{kind}"][value="{value}"]'


COMMANDS = (
    Command(_l("Light theme"), "sun", click=_button("theme", "light"), words=_l("bright day")),
    Command(_l("Dark theme"), "moon", click=_button("theme", "dark"), words=_l("night")),
    Command(_l("Theme as the system"), "device-desktop", click=_button("theme", "auto")),
    Command(
        _l("Comfortable rows"), "baseline-density-medium", click=_button("density", "comfortable")
    ),
    Command(_l("Compact rows"), "baseline-density-small", click=_button("density", "compact")),
    # Who looks for another language may not read this one.
    Command(
        "Español", "language", click=_button("language", "es"), words="idioma language spanish"
    ),
    Command("English", "language", click=_button("language", "en"), words="idioma language inglés"),
    Command(_l("Keyboard shortcuts"), "keyboard", click="#keys-opener", words=_l("keys help")),
    Command(_l("Profile"), "user", "ProfileView.userinfo", words=_l("time zone account")),
    Command(_l("Change password"), "key", "PasswordView.change"),
    Command(_l("Favourites"), "star", "FavouritesView.page"),
    Command(
        _l("First steps"),
        "rocket",
        "SetupView.begin",
        words=_l("set up"),
        right="platform.first_run:update",
    ),
    Command(_l("Sign out"), "logout", click="#sign-out", words=_l("leave exit")),
)


def register_commands() -> None:
    """Offer them in the palette."""
    for command in COMMANDS:
        register_command(command)
