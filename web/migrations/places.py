"""What migrations do to each table of places, on either engine: places and their index."""

from sqlalchemy import Connection, text

from geo.places.near.solid import solid
from realtime.sql_point import Spot, packed

TABLES = ("commune", "hotel", "station")
#: Rows filled by one statement on SQLite.
PART = 1_000


#: What an entry of the R*Tree names: a row of an import…
OF_IMPORT = "+of_import TEXT, +of_row INTEGER"
#: …or, for ``shelter_hotel``, a hotel.
OF_HOTEL = "+of TEXT"


def make_index(db: Connection, name: str, names: str = OF_IMPORT) -> None:
    """PostGIS: GiST on the column. SQLite: an R*Tree of points of the solid Earth."""
    if db.dialect.name == "postgresql":
        db.execute(text(f"CREATE INDEX {name}_place ON {name} USING gist (place)"))
        return
    db.execute(
        text(
            f"CREATE VIRTUAL TABLE {name}_spot USING rtree"
            f"(spot, x, x_end, y, y_end, z, z_end, {names})"
        )
    )


def drop_index(db: Connection, name: str) -> None:
    if db.dialect.name == "postgresql":
        db.execute(text(f"DROP INDEX {name}_place"))
    else:
        db.execute(text(f"DROP TABLE {name}_spot"))


def fill(db: Connection, name: str) -> None:
    """Give a place to the rows that have none."""
    if db.dialect.name == "postgresql":
        point = "ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography"
        db.execute(text(f"UPDATE {name} SET place = {point} WHERE place IS NULL"))  # noqa: S608
        return
    while _fill_some(db, name):
        pass


def _fill_some(db: Connection, name: str) -> bool:
    without = f"SELECT import_id, row, lat, lon FROM {name} WHERE place IS NULL LIMIT {PART}"  # noqa: S608
    rows = [_filled(*found) for found in db.execute(text(without))]
    if not rows:
        return False
    change = f"UPDATE {name} SET place = :place WHERE import_id = :import_id AND row = :row"  # noqa: S608
    db.execute(text(change), rows)
    spot = (
        f"INSERT INTO {name}_spot (x, x_end, y, y_end, z, z_end, of_import, of_row)"  # noqa: S608
        " VALUES (:x, :x, :y, :y, :z, :z, :import_id, :row)"
    )
    db.execute(text(spot), rows)
    return True


def _filled(import_id: str, row: int, lat: float, lon: float) -> dict[str, object]:
    where = solid(lat=lat, lon=lon)
    return {
        "import_id": import_id,
        "row": row,
        "place": packed(Spot(lat=lat, lon=lon)),
        **where._asdict(),
    }
