"""The few types both engines must agree on, and the names by which others know SQLAlchemy's."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Dialect, MetaData, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeDecorator, TypeEngine

#: What statements run on.
Connection = AsyncConnection
#: A row that must be unique was not: somebody else was there first.
Duplicate = IntegrityError
#: The database refused a statement, or could not be reached.
Refused = DBAPIError
#: Anything that SQLAlchemy raises.
Failed = SQLAlchemyError

#: Every ``store.py`` declares its tables here.
metadata = MetaData()

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as whole milliseconds since 1970: the same number on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MILLISECOND


class Texts(TypeDecorator[Collection[str]]):
    """Several texts given as one value: JSON to SQLite, an array to PostgreSQL."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:  # Any: either's
        return ARRAY(String()) if dialect.name == "postgresql" else String()

    def process_bind_param(
        self, value: Collection[str] | None, dialect: Dialect
    ) -> list[str] | str | None:
        if value is None:
            return None
        return list(value) if dialect.name == "postgresql" else msgspec.json.encode(value).decode()
