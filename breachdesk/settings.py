"""What an operator can set, from environment variables, checked at start. docs/operations.md has the table."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from breachdesk.errors import BadSettings

PREFIX = "BREACHDESK_"
SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is the environment variable BREACHDESK_<NAME>."""

    data_dir: str = "var"
    database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    bind: str = "127.0.0.1:8000"
    workers: int = 2
    secret_key: str = ""
    smtp_url: str = ""
    mail_from: str = "desk@breachdesk.example"
    tick_seconds: int = 30
    idle_minutes: int = 60
    metrics_token: str = ""
    proxies: int = 0
    common_passwords: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = "your organisation"
    file_megabytes: int = 10
    files_each_side: int = 20
    scanner: str = ""
    checkpoint_file: str = ""
    witness_url: str = ""
    witness_key: str = ""
    backup_key: str = ""

    @property
    def data_path(self) -> Path:
        return Path(self.data_dir).resolve()

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_path / 'breachdesk.db'}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings. Raises BadSettings with every fault at once."""
    given = {name.removeprefix(PREFIX).lower(): value for name, value in (environment or os.environ).items() if name.startswith(PREFIX)}
    known = {field.name: field for field in fields(Settings)}
    faults = [f"{PREFIX}{name.upper()}: there is no such setting." for name in given if name not in known]
    values: dict[str, object] = {}
    for name, value in given.items():
        if name not in known:
            continue
        if known[name].type == "int":
            least = 0 if name == "proxies" else 1
            if value.isascii() and value.isdigit() and least <= int(value[:6]) < 100_000:
                values[name] = int(value)
            else:
                faults.append(f"{PREFIX}{name.upper()}: “{value}” must be a whole number from {least} to 99999.")
        else:
            values[name] = value
    settings = Settings(**values)  # type: ignore[arg-type]
    faults += _address_faults(settings) + _provider_faults(settings) + _outside_faults(settings)
    if faults:
        raise BadSettings("\n".join(faults))
    return settings


def _provider_faults(settings: Settings) -> list[str]:
    """What is wrong with the provider through whom people sign in."""
    named = {"OIDC_ISSUER": settings.oidc_issuer, "OIDC_CLIENT_ID": settings.oidc_client_id,
             "OIDC_CLIENT_SECRET": settings.oidc_client_secret}
    faults = [f"{PREFIX}{name} is missing: issuer, client id and client secret belong together." for name, value in named.items()
              if not value and any(named.values())]
    issuer = urlsplit(settings.oidc_issuer)
    if settings.oidc_issuer and issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1"):
        faults.append(f"{PREFIX}OIDC_ISSUER: “{settings.oidc_issuer}” must begin with https://.")
    return faults


def _address_faults(settings: Settings) -> list[str]:
    faults = []
    if urlsplit(settings.base_url).scheme not in ("http", "https"):
        faults.append(f"{PREFIX}BASE_URL: “{settings.base_url}” must begin with http:// or https://.")
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in ("smtp", "smtps"):
        faults.append(f"{PREFIX}SMTP_URL must look like smtp://user:password@host:587.")
    if settings.database_url and not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        faults.append(f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    for name, key in (("SECRET_KEY", settings.secret_key), ("BACKUP_KEY", settings.backup_key)):
        if key and len(key) < SHORTEST_KEY:
            faults.append(f"{PREFIX}{name} must have at least {SHORTEST_KEY} characters.")
    if settings.common_passwords and not Path(settings.common_passwords).is_file():
        faults.append(f"{PREFIX}COMMON_PASSWORDS: there is no file {settings.common_passwords}.")
    if settings.metrics_token and len(settings.metrics_token) < 32:
        faults.append(f"{PREFIX}METRICS_TOKEN must have at least 32 characters.")
    host, _, port = settings.bind.rpartition(":")
    if not host or not port.isdigit():
        faults.append(f"{PREFIX}BIND: “{settings.bind}” must look like 127.0.0.1:8000.")
    return faults


def _outside_faults(settings: Settings) -> list[str]:
    """What is wrong with where checkpoints of the log are kept."""
    faults, witness = [], urlsplit(settings.witness_url)
    if bool(settings.witness_url) != bool(settings.witness_key):
        faults.append(f"{PREFIX}WITNESS_URL and {PREFIX}WITNESS_KEY belong together: one of them is missing.")
    if settings.witness_url and witness.scheme != "https" and witness.hostname not in ("localhost", "127.0.0.1"):
        faults.append(f"{PREFIX}WITNESS_URL: “{settings.witness_url}” must begin with https://.")
    if settings.checkpoint_file and not Path(settings.checkpoint_file).parent.is_dir():
        faults.append(f"{PREFIX}CHECKPOINT_FILE: there is no folder {Path(settings.checkpoint_file).parent}.")
    return faults
