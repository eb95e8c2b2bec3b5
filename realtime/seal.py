"""A key for each object, itself locked by a key that is not in the database.

Deleting an object's key (``shred``) is deleting what it sealed: in tables, ledger, broker and
backups alike. Each sealed body is bound to its key's name and to a context, so that a body moved
elsewhere does not open. AES-256-GCM with random 96-bit nonces (NIST SP 800-38D allows 2^32
messages a key; a channel keeps far fewer).
"""

import hashlib
import hmac
import os
from collections import OrderedDict
from collections.abc import Collection
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from realtime import store
from realtime.kernel.errors import Gone
from realtime.sql import Connection

V = TypeVar("V")

NONCE_BYTES = 12
KEY_BYTES = 32
#: Opened keys kept in memory; the least recently used is forgotten first.
REMEMBERED_KEYS = 4096


def lock(key: bytes, clear: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, clear, context.encode())


def unlock(key: bytes, sealed: bytes, context: str) -> bytes:
    """The clear text, or ``Gone`` when the key, the context or the body is not the right one."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise Gone from error


class Seals:
    """Wraps and unwraps keys, and remembers those that are known to be in the table."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError(f"the master key must have {KEY_BYTES} bytes")
        self._master = master
        self._keys: OrderedDict[str, bytes] = OrderedDict()
        # A reader that began before the shredding may still find a key: it must not come back.
        self._shredded: OrderedDict[str, None] = OrderedDict()

    def wrap(self, name: str) -> tuple[bytes, bytes]:
        """A new key, and the form in which the table keeps it."""
        key = os.urandom(KEY_BYTES)
        return key, lock(self._master, key, f"key {name}")

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        return unlock(self._master, wrapped, f"key {name}")

    def remembered(self, name: str) -> bytes | None:
        key = self._keys.get(name)
        if key is not None:
            self._keys.move_to_end(name)
        return key

    def remember(self, name: str, key: bytes) -> None:
        """Keep a key that a reader found in the table; what is known already is newer."""
        if name not in self._shredded and name not in self._keys:
            _bounded(self._keys, name, key)

    def made(self, name: str, key: bytes) -> None:
        """Keep a key that has just been committed, perhaps under a name shredded before."""
        self._shredded.pop(name, None)
        _bounded(self._keys, name, key)

    def forget(self, name: str) -> None:
        """The key has been deleted."""
        self._keys.pop(name, None)
        _bounded(self._shredded, name, None)

    def forget_all(self) -> None:
        """Any of them may have been deleted: the table knows."""
        self._keys.clear()

    def vouch(self, text: bytes) -> bytes:
        """A proof that this text was written by who holds the master key."""
        return hmac.digest(self._master, b"vouch " + text, hashlib.sha256)

    async def open(self, db: Connection, name: str, sealed: bytes, context: str) -> bytes:
        """The clear text; ``db`` must see only what is committed."""
        key = self.remembered(name)
        if key is None:
            wrapped = await store.wrapped_key(db, name)
            if wrapped is None:
                raise Gone
            key = self.unwrap(name, wrapped)
            self.remember(name, key)
        return unlock(key, sealed, context)

    async def fetch(self, db: Connection, names: Collection[str]) -> None:
        """Remember keys that are about to be needed, in one statement; ``db`` as for ``open``."""
        for name, wrapped in (await store.wrapped_keys(db, names)).items():
            self.remember(name, self.unwrap(name, wrapped))


def _bounded(kept: OrderedDict[str, V], name: str, value: V) -> None:
    kept[name] = value
    if len(kept) > REMEMBERED_KEYS:
        kept.popitem(last=False)
