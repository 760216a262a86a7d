"""A small OpenID provider on a real port, which says and signs whatever a test tells it to."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from flask import Flask, jsonify, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "qhatu", "a client's secret"


class IdentityProvider:
    """``claims`` replace those of the next ID tokens (None leaves one out); ``key`` signs them;
    ``header`` is theirs."""

    def __init__(self) -> None:
        self.keys = [RSAKey.generate_key(2048, {"kid": "first"})]
        self.issuer = ""
        self.claims: dict[str, object] = {}
        self.key = self.keys[0]
        self.header: dict[str, str] = {"alg": "RS256", "kid": "first"}
        self.tamper = ""
        self.token_status = 200
        self.asked: list[str] = []
        self._logins: dict[str, dict[str, str]] = {}

    def sign_in_at(self, url: str) -> dict[str, str]:
        """What a person does there: gives the arguments with which the browser is sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._logins)}"
        self._logins[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def app(self) -> Flask:
        app = Flask("identity_provider")

        @app.get("/.well-known/openid-configuration")
        def metadata():
            self.asked.append("metadata")
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }

        @app.get("/keys")
        def keys():
            self.asked.append("keys")
            return jsonify(KeySet(self.keys).as_dict(private=False))

        @app.post("/token")
        def token():
            return self._token()

        return app

    def _token(self):
        if self.token_status != 200:
            return {"error": "server_error"}, self.token_status
        asked = self._logins.pop(request.form["code"], None)
        proof = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        login = request.authorization
        known = login is not None and (login.username, login.password) == (CLIENT, SECRET)
        if asked is None or asked["code_challenge"] != challenge or not known:
            return {"error": "invalid_grant"}, 400
        if request.form["redirect_uri"] != asked["redirect_uri"]:
            return {"error": "invalid_grant"}, 400
        return {
            "access_token": "at",
            "token_type": "Bearer",
            "id_token": self._id_token(asked["nonce"]),
        }

    def _id_token(self, nonce: str) -> str:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "person-1",
            "exp": int(time.time()) + 300,
            "iat": int(time.time()),
            "nonce": nonce,
            "email": "cashier@example.com",
            "email_verified": True,
            "given_name": "Ada",
            "family_name": "Torres",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(self.header, claims, self.key)
        if self.tamper:
            head, _body, signature = token.split(".")
            other = jwt.encode(self.header, {**claims, "sub": self.tamper}, self.key)
            token = f"{head}.{other.split('.')[1]}.{signature}"
        return token


@contextmanager
def running_provider() -> Iterator[IdentityProvider]:
    provider = IdentityProvider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
