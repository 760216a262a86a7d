"""OpenID Connect: authorization code with PKCE, state and nonce, at one configured provider.

What the provider says about itself and its keys is kept for an hour; everything else is asked for
each time, with a time-out, and nothing is followed to where it redirects.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from app.services.platform.read_setting import read_setting

TIMEOUT = 5
KEPT_SECONDS = 3600
ASKED_AGAIN_AFTER = 60
LARGEST = 512 * 1024
LEEWAY = 60
SCOPE = "openid email profile"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Signatures that only the provider can make; never "none", never a key that both sides have.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]


class ProviderError(Exception):
    """The provider can't be reached, or what it says can't be trusted; for the log."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider as the settings name it."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Challenge:
    """What one log-in is bound to: kept in the browser's session until the answer comes."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


_kept: dict[str, tuple[float, dict[str, Any]]] = {}


def configured_provider() -> Provider | None:
    """The provider of the settings ``security.oidc_*``; None while single sign-on is off."""
    if not read_setting("security.oidc_enabled", False):
        return None
    texts = {
        name: str(read_setting(f"security.oidc_{name}", "") or "").strip()
        for name in ("name", "issuer", "client_id", "client_secret")
    }
    if not texts["issuer"] or not texts["client_id"]:
        return None
    return Provider(**texts)


def authorization_url(provider: Provider, challenge: Challenge, redirect_uri: str) -> str:
    """Where the browser goes to sign in; raises :class:`ProviderError`."""
    endpoint = _endpoint(_metadata(provider), "authorization_endpoint")
    client = _client(provider, redirect_uri)
    url, _state = client.create_authorization_url(
        endpoint,
        state=challenge.state,
        nonce=challenge.nonce,
        code_verifier=challenge.verifier,
    )
    return str(url)


def claims_of(
    provider: Provider, challenge: Challenge, code: str, redirect_uri: str
) -> dict[str, Any]:
    """What the verified ID token says that the code is exchanged for.

    Signature, issuer, audience, times and nonce are checked. Raises :class:`ProviderError`.
    """
    endpoint = _endpoint(_metadata(provider), "token_endpoint")
    client = _client(provider, redirect_uri)
    try:
        token = client.fetch_token(
            endpoint,
            grant_type="authorization_code",
            code=code,
            code_verifier=challenge.verifier,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except (OAuthError, requests.RequestException, ValueError, KeyError, TypeError) as error:
        raise ProviderError(f"no token for the code: {error}") from error
    id_token = token.get("id_token") if isinstance(token, dict) else None
    if not isinstance(id_token, str):
        raise ProviderError("the answer has no ID token")
    return _verified(provider, id_token, challenge.nonce)


def _verified(provider: Provider, id_token: str, nonce: str) -> dict[str, Any]:
    uri = _endpoint(_metadata(provider), "jwks_uri")
    registry = jwt.JWTClaimsRegistry(
        now=lambda: int(dt.datetime.now(dt.UTC).timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        token = _decode(id_token, uri)
        registry.validate(token.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise ProviderError(f"the ID token is not valid: {error}") from error
    claims = dict(token.claims)
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", provider.client_id if not several else None) != provider.client_id:
        raise ProviderError("the ID token was made for another client")
    return claims


def _decode(id_token: str, uri: str) -> jwt.Token:
    """With keys at hand; once more with new ones when the token names a key we don't know."""
    try:
        return jwt.decode(id_token, _keys(uri, KEPT_SECONDS), algorithms=ALGORITHMS)
    except (InvalidKeyIdError, ValueError):
        return jwt.decode(id_token, _keys(uri, ASKED_AGAIN_AFTER), algorithms=ALGORITHMS)


def _keys(uri: str, seconds: int) -> KeySet:
    try:
        return KeySet.import_key_set(_ask(uri, seconds))  # type: ignore[arg-type]
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError(f"the keys can't be read: {error}") from error


def _metadata(provider: Provider) -> dict[str, Any]:
    _require_secure(provider.issuer)
    address = f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"
    found = _ask(address, KEPT_SECONDS)
    if found.get("issuer") != provider.issuer:
        raise ProviderError("the provider names another issuer than the settings")
    return found


def _endpoint(metadata: dict[str, Any], name: str) -> str:
    address = metadata.get(name)
    if not isinstance(address, str):
        raise ProviderError(f"the provider names no {name}")
    _require_secure(address)
    return address


def _require_secure(address: str) -> None:
    """HTTPS, or plain HTTP that doesn't leave this machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ProviderError(f"{address} isn't HTTPS")


def _ask(address: str, seconds: int) -> dict[str, Any]:
    """A JSON object, asked for unless it is at hand and younger than that."""
    _require_secure(address)
    at, kept = _kept.get(address, (0.0, {}))
    if kept and time.monotonic() - at < seconds:
        return kept
    try:
        with requests.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True) as response:
            content = response.raw.read(LARGEST + 1, decode_content=True)
            if response.status_code != requests.codes.ok or len(content) > LARGEST:
                raise ProviderError(f"{address} answers {response.status_code}")
            found = json.loads(content)
    except (requests.RequestException, ValueError, OSError) as error:
        raise ProviderError(f"{address} can't be read: {error}") from error
    if not isinstance(found, dict):
        raise ProviderError(f"{address} gives no JSON object")
    _kept[address] = (time.monotonic(), found)
    return found


def _client(provider: Provider, redirect_uri: str) -> OAuth2Session:
    return OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        token_endpoint_auth_method="client_secret_basic" if provider.client_secret else "none",
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
    )
