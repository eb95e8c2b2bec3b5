"""The knobs of reaching phones, by push and by text message. Part of ``Settings``."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import field_validator
from pydantic_settings import BaseSettings, NoDecode

from realtime.push.policy import SERVICES, Hosts
from web.keys import file_problems

#: Under which a development server sends: push services want somebody to complain to.
NOBODY = "mailto:nobody@entraide.invalid"


class PushSettings(BaseSettings):
    """What ``Settings`` says of it."""

    #: ``mailto:`` or ``https:``, told to push services. In production, none: no phone is woken.
    push_contact: str = ""
    #: Push services that may be called; none: those of the browsers there are.
    push_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    #: Also ``http://127.0.0.1``: for tests, refused in production.
    push_loopback: bool = False
    #: 32 bytes in base64. Changed, every phone must subscribe again. None: in the data folder.
    push_key: Path | None = None
    #: Told who did not answer a push (``realtime/push/README.md``); none: there is no second way.
    sms_webhook: str = ""
    #: What its calls are signed with; None: in the data folder.
    sms_key: Path | None = None

    @field_validator("push_hosts", mode="before")
    @classmethod
    def _names_by_commas(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @property
    def hosts(self) -> Hosts:
        return Hosts.of(self.push_hosts or SERVICES, loopback=self.push_loopback)

    def pushes(self, *, production: bool) -> bool:
        """Whether phones are woken: always in development, where nobody has to be told."""
        return bool(self.push_contact) or not production

    def push_key_file(self, data_dir: Path) -> Path:
        return self.push_key or data_dir / "keys" / "push.key"

    def sms_key_file(self, data_dir: Path) -> Path:
        return self.sms_key or data_dir / "keys" / "sms.key"

    def push_problems(self, prefix: str, data_dir: Path, *, production: bool) -> list[str]:
        """Everything wrong with it, whatever the profile, then what production adds."""
        found = self._unusable(prefix)
        if production:
            found += self._unsafe(prefix)
            if self.push_contact:
                found += file_problems(self.push_key_file(data_dir))
            if self.sms_webhook:
                found += file_problems(self.sms_key_file(data_dir))
        return found

    def _unusable(self, prefix: str) -> list[str]:
        found = []
        if self.push_contact and not _is_contact(self.push_contact):
            found.append(f"{prefix}PUSH_CONTACT must be mailto:somebody@somewhere or https://…")
        try:
            Hosts.of(self.push_hosts)
        except ValueError:
            found.append(f"{prefix}PUSH_HOSTS: host names, or *. and a host name, with commas")
        if self.sms_webhook and urlsplit(self.sms_webhook).scheme not in {"http", "https"}:
            found.append(f"{prefix}SMS_WEBHOOK must be an https:// address")
        return found

    def _unsafe(self, prefix: str) -> list[str]:
        found = []
        if self.push_loopback:
            found.append(f"{prefix}PUSH_LOOPBACK must be off in production")
        if self.sms_webhook and not self.sms_webhook.startswith("https://"):
            found.append(f"{prefix}SMS_WEBHOOK must be https:// in production")
        if self.sms_webhook and not self.push_contact:
            found.append(f"{prefix}SMS_WEBHOOK comes after a push: {prefix}PUSH_CONTACT is missing")
        return found


def _is_contact(text: str) -> bool:
    parts = urlsplit(text)
    if parts.scheme == "mailto":
        name, _, host = parts.path.partition("@")
        return bool(name and host) and not set(text) & set(" \r\n")
    return parts.scheme == "https" and bool(parts.netloc)
