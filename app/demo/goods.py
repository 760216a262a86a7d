"""What the shops sell: categories, and the goods in each with prices and variants.

A line of goods: name, lowest and highest price in soles, sizes, colours.
"""

from __future__ import annotations

from dataclasses import dataclass

CLOTHES = ("XS", "S", "M", "L", "XL")
SHOES = ("36", "38", "40", "42", "44")
NO_SIZE: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goods:
    name: str
    low: float
    high: float
    sizes: tuple[str, ...] = NO_SIZE
    colors: int = 0


@dataclass(frozen=True, slots=True)
class Branch:
    """A category at the bottom of the tree, and what is in it."""

    top: str
    name: str
    goods: tuple[Goods, ...]
    tax_code: str = "10"


def _many(text: str, sizes: tuple[str, ...] = NO_SIZE, colors: int = 0) -> tuple[Goods, ...]:
    """``name low high; name low high``, all with the same sizes and number of colours."""
    goods = []
    for item in text.split(";"):
        *name, low, high = item.split()
        goods.append(Goods(" ".join(name), float(low), float(high), sizes, colors))
    return tuple(goods)


KILOS = ("500 g", "1 kg", "5 kg")
LITRES = ("500 ml", "1 L", "3 L")
BRANDS = [
    "Sumaq",
    "Kuntur",
    "Intiwasi",
    "Qori",
    "Wayra",
    "Killari",
    "Pachamanka",
    "Apurina",
    "Tarwi",
    "Chaski",
    "Illary",
    "Mishki",
    "Ñusta",
    "Kallpa",
    "Amauta",
    "Yachay",
    "Sirena",
    "Costanera",
    "Altura",
    "Selvática",
]

BRANCHES = (
    Branch(
        "Abarrotes",
        "Arroz y menestras",
        _many(
            "Arroz extra 4 6; Lenteja 6 9; Frejol canario 8 12; Quinua blanca 9 15; Pallar 9 13",
            KILOS,
        ),
    ),
    Branch(
        "Abarrotes",
        "Aceites y salsas",
        _many("Aceite vegetal 8 14; Salsa de ají 5 9; Vinagre tinto 3 6; Sillao 4 8", LITRES),
    ),
    Branch(
        "Abarrotes",
        "Conservas",
        _many("Atún en trozos 5 9; Durazno en almíbar 8 12; Leche evaporada 3 5; Palmito 9 16"),
    ),
    Branch(
        "Abarrotes",
        "Frutas y verduras",
        _many(
            "Papa amarilla 3 5; Palta fuerte 6 10; Camote 2 4; Limón sutil 4 8; Cebolla roja 2 4",
            KILOS,
        ),
        tax_code="20",
    ),
    Branch(
        "Bebidas",
        "Gaseosas y aguas",
        _many(
            "Gaseosa dorada 3 9; Agua de mesa 2 5; Agua con gas 2 5; Té frío de durazno 3 6", LITRES
        ),
    ),
    Branch(
        "Bebidas",
        "Jugos y néctares",
        _many(
            "Néctar de maracuyá 3 7; Jugo de naranja 4 9; Chicha morada 3 8; Emoliente 3 6", LITRES
        ),
    ),
    Branch(
        "Bebidas",
        "Café e infusiones",
        _many(
            "Café tostado molido 15 29; Café en grano 18 35; Mate de coca 4 9; Manzanilla 4 8",
            KILOS,
        ),
    ),
    Branch(
        "Limpieza",
        "Lavandería",
        _many(
            "Detergente en polvo 8 15; Suavizante floral 7 13; Lejía 3 6; Jabón de lavar 2 5", KILOS
        ),
    ),
    Branch(
        "Limpieza",
        "Hogar limpio",
        _many(
            "Limpiatodo lavanda 6 11; Lavavajilla 4 9; Ambientador 7 13; Desinfectante 6 12", LITRES
        ),
    ),
    Branch(
        "Cuidado personal",
        "Cabello",
        _many(
            "Champú de sábila 12 22; Acondicionador 12 22; Tinte permanente 14 25; "
            "Gel fijador 8 15",
            ("200 ml", "400 ml"),
        ),
    ),
    Branch(
        "Cuidado personal",
        "Piel e higiene",
        _many(
            "Crema de manos 9 18; Jabón de tocador 3 6; Bloqueador solar 25 49; Desodorante 9 16"
        ),
    ),
    Branch(
        "Ropa",
        "Polos y camisas",
        _many(
            "Polo de algodón pima 29 49; Camisa manga larga 59 99; Blusa bordada 49 89", CLOTHES, 3
        ),
    ),
    Branch(
        "Ropa",
        "Pantalones",
        _many("Jean clásico 79 129; Pantalón drill 69 109; Buzo deportivo 59 99", CLOTHES, 3),
    ),
    Branch(
        "Ropa",
        "Abrigo",
        _many(
            "Chompa de alpaca 129 249; Casaca cortaviento 99 179; Chalina de alpaca 59 119",
            CLOTHES,
            2,
        ),
    ),
    Branch(
        "Calzado",
        "Zapatillas",
        _many("Zapatilla urbana 99 189; Zapatilla de running 149 279", SHOES, 3),
    ),
    Branch("Calzado", "Zapatos", _many("Zapato de cuero 159 289; Botín 149 259", SHOES, 1)),
    Branch(
        "Útiles escolares",
        "Cuadernos y papel",
        _many(
            "Cuaderno cuadriculado 3 9; Cuaderno rayado 3 9; Block de dibujo 6 14; "
            "Papel bond A4 14 22"
        ),
    ),
    Branch(
        "Útiles escolares",
        "Escritura y arte",
        _many("Lapicero de gel 2 5; Plumones 8 19; Témperas 9 18; Lápices de color 9 25"),
    ),
    Branch(
        "Útiles escolares",
        "Libros",
        _many("Cuento ilustrado 19 39; Diccionario escolar 25 45; Atlas del Perú 29 59"),
        tax_code="20",
    ),
    Branch(
        "Tecnología",
        "Accesorios de celular",
        _many(
            "Cable USB-C 12 29; Cargador rápido 35 69; Funda de silicona 15 35; "
            "Batería externa 59 129",
            NO_SIZE,
            2,
        ),
    ),
    Branch(
        "Tecnología",
        "Audio",
        _many(
            "Audífonos inalámbricos 69 199; Parlante portátil 79 249; Micrófono de solapa 45 99",
            NO_SIZE,
            3,
        ),
    ),
    Branch(
        "Tecnología",
        "Computación",
        _many("Mouse inalámbrico 29 79; Teclado 39 119; Memoria USB 19 49; Cámara web 79 189"),
    ),
    Branch(
        "Hogar",
        "Cocina",
        _many(
            "Olla de aluminio 39 99; Sartén antiadherente 35 89; Juego de cuchillos 45 119; "
            "Licuadora 119 249"
        ),
    ),
    Branch(
        "Hogar",
        "Dormitorio",
        _many(
            "Frazada de alpaca 119 249; Juego de sábanas 69 139; Almohada 25 59",
            ("1½ plazas", "2 plazas"),
        ),
    ),
    Branch(
        "Hogar",
        "Organización",
        _many("Caja organizadora 19 49; Perchero 29 79; Canasta tejida 25 65", ("Chica", "Grande")),
    ),
    Branch(
        "Ferretería",
        "Herramientas",
        _many(
            "Martillo 19 45; Juego de desarmadores 29 79; Alicate universal 19 49; "
            "Taladro 149 329; Wincha 9 29"
        ),
    ),
    Branch(
        "Ferretería",
        "Electricidad",
        _many(
            "Foco LED 6 19; Extensión eléctrica 19 49; Interruptor doble 9 25; Linterna recargable "
            "29 79"
        ),
    ),
    Branch(
        "Ferretería",
        "Pinturas",
        _many("Látex lavable 35 69; Esmalte sintético 29 59; Rodillo 12 25", NO_SIZE, 4),
    ),
    Branch(
        "Mascotas",
        "Alimento",
        _many("Comida para perro 15 29; Comida para gato 15 29; Snack de pollo 8 15", KILOS),
    ),
    Branch(
        "Juguetes",
        "Niños",
        _many(
            "Rompecabezas 19 49; Muñeca de tela 29 69; Carrito de madera 25 59; Juego de mesa 39 99"
        ),
    ),
)
