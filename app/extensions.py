"""Unbound extensions; ``app.factory`` binds them to an application."""

from __future__ import annotations

from flask_appbuilder import Model
from flask_sqlalchemy import SQLAlchemy

from app.csrf import Csrf
from app.session import Session

db = SQLAlchemy(model_class=Model, session_options={"class_": Session})
csrf = Csrf()
