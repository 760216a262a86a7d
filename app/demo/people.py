"""Who works here: one user per role that a visitor can sign in as, and their colleagues."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from werkzeug.security import generate_password_hash

from app.demo.names import mobile
from app.demo.world import World
from models.identity import Group, Role, User, UserGroup, UserRole

PASSWORD = "qhatu-demo-2026"  # noqa: S105 - told to everybody who looks at the demo
SHOP, SERVICES = "Tienda", "Servicios"


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    role: str
    first_name: str
    last_name: str
    position: str
    teams: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.name}@demo.pe"


PEOPLE = (
    Person("admin", "Admin", "Rosa", "Quispe Mamani", "Gerenta general", (SHOP, SERVICES)),
    Person("manager", "Manager", "Luis", "Castillo Rojas", "Administrador", (SHOP, SERVICES)),
    Person("cashier", "Cashier", "Milagros", "Huamán Flores", "Cajera", (SHOP,)),
    Person("seller", "Sales rep", "Jorge", "Zevallos Torres", "Ejecutivo de ventas", (SERVICES,)),
    Person("warehouse", "Warehouse", "Wilmer", "Condori Apaza", "Almacenero", (SHOP,)),
    Person("technician", "Technician", "Percy", "Yupanqui Cusi", "Técnico principal", (SERVICES,)),
    Person("accountant", "Accountant", "Gladys", "Paredes Soto", "Contadora", (SERVICES,)),
    Person("auditor", "Auditor", "Hugo", "Salazar Medina", "Auditor externo", ()),
    Person("cashier2", "Cashier", "Fiorella", "Ramos Chávez", "Cajera", (SHOP,)),
    Person("seller2", "Sales rep", "Ximena", "Vargas Ochoa", "Ejecutiva de ventas", (SERVICES,)),
    Person("technician2", "Technician", "Edwin", "Ticona Choque", "Técnico", (SERVICES,)),
    Person("technician3", "Technician", "Nayra", "Palomino Jara", "Técnica", (SERVICES,)),
)
TO_SHOW = PEOPLE[:8]
SELLERS = ("seller", "seller2")
TECHNICIANS = ("technician", "technician2", "technician3")


def add_people(world: World) -> None:
    """Add teams and users, all with the same password."""
    bulk = world.bulk
    teams = dict(zip((SHOP, SERVICES), bulk.ids(Group), strict=False))
    bulk.add(
        Group,
        [
            {"id": teams[SHOP], "name": SHOP, "label": "Equipo de tienda y almacén"},
            {"id": teams[SERVICES], "name": SERVICES, "label": "Equipo de servicios"},
        ],
    )
    _add_users(world)
    roles = dict(bulk.session.execute(sa.select(Role.name, Role.id)).all())
    bulk.add(
        UserRole,
        [
            {"user_id": world.users[person.name], "role_id": roles[person.role]}
            for person in PEOPLE
            if person.role in roles
        ],
    )
    bulk.add(
        UserGroup,
        [
            {"user_id": world.users[person.name], "group_id": teams[team]}
            for person in PEOPLE
            for team in person.teams
        ],
    )


def _add_users(world: World) -> None:
    dice, bulk = world.dice("people"), world.bulk
    hashed = generate_password_hash(PASSWORD)
    ids = bulk.ids(User)
    world.users = {person.name: next(ids) for person in PEOPLE}
    bulk.add(
        User,
        [
            {
                "id": world.users[person.name],
                "username": person.email,
                "email": person.email,
                "password_hash": hashed,
                "first_name": person.first_name,
                "last_name": person.last_name,
                "phone": mobile(dice),
                "position": person.position,
                "email_verified_at": world.now,
            }
            for person in PEOPLE
        ],
    )
