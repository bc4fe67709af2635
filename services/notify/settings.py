"""What notify needs to know of its surroundings."""

from typing import Annotated, get_args

from pydantic import (
    AfterValidator,
    DirectoryPath,
    Field,
    PlainValidator,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import NoDecode

from services.notify.domain.letters import Role
from services.notify.domain.mail_findings import MailCheck
from services.notify.domain.mail_server import MailServer
from services.notify.domain.message import addr_spec
from services.notify.domain.return_path import LONGEST_OWN_NAME, is_aligned
from shared.host_name import host_name
from shared.mail_address import domain_of
from shared.runtime.secret_files import MAY_BE_IN_A_FILE
from shared.runtime.settings import RuntimeSettings, SettingsWithSecrets
from shared.web.own_site import page_address


def _mail_server(url: object) -> MailServer:
    return MailServer.from_url(str(url))


def _own_address(text: str) -> str:
    """Blanks around it would go into the envelope, and a domain that is none to no server."""
    address = addr_spec(text.strip())
    domain = address.rpartition("@")[2]
    if not domain.startswith("["):
        host_name(domain)
    return address


def _form(text: str) -> str:
    return page_address(text) if text else ""


def _roles(text: str) -> str:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not set(names) <= set(get_args(Role)):
        raise ValueError(f"must be some of {', '.join(get_args(Role))}, separated by commas")
    return ",".join(names)


Address = Annotated[str, AfterValidator(_own_address)]


class MailSettings(SettingsWithSecrets):
    """What is needed to send a mail: `MITSUMORI_SMTP`, `MITSUMORI_MAIL_FROM`, and the folder of the keys."""

    smtp: Annotated[MailServer, NoDecode, PlainValidator(_mail_server), MAY_BE_IN_A_FILE]
    mail_from: Address
    """The sender of every letter; its domain is also that of the Message-IDs and of the DKIM signatures."""
    keys: DirectoryPath
    return_path: Address | None = None
    """`bounces@agency.example`: where reports of letters that did not arrive go, each under an address of its own.

    Its mailbox takes whatever stands behind a plus sign (RFC 5233). Unset: reports go to `mail_from`.
    """

    @field_validator("return_path")
    @classmethod
    def _can_be_sent_from(cls, address: str | None, info: ValidationInfo) -> str | None:
        if address is None:
            return None
        name, _, domain = address.rpartition("@")
        if len(name) > LONGEST_OWN_NAME or "+" in name or '"' in name:
            raise ValueError(
                f"must have a name of at most {LONGEST_OWN_NAME} characters, without a plus sign or quotes"
            )
        mail_from = info.data.get("mail_from")
        if mail_from is not None and not is_aligned(address, mail_from):
            own = mail_from.rpartition("@")[2]
            raise ValueError(
                f"is at {domain}, but MITSUMORI_MAIL_FROM at {own}: DMARC asks for the same domain or one below it"
            )
        return address

    @property
    def envelope_domain(self) -> str:
        """The domain that receivers check SPF for."""
        return domain_of(self.return_path or self.mail_from)


class Settings(RuntimeSettings, MailSettings):
    """Those of mail and a few more, beside what every service has."""

    desk_email: Address
    """The agency's request desk (資料請求窓口)."""
    dashboard_url: Annotated[str, AfterValidator(page_address)]
    """Where staff reach the dashboard; the desk's letters link to its cases."""
    public_url: Annotated[str, AfterValidator(_form)] = ""
    """Where customers find the form, as intake has it: a 見積書 leads there to be checked. Unset: it leads nowhere."""
    brochures_url: Annotated[str, AfterValidator(_form)] = ""
    """Where customers reach `/brochures/` and `/news/` of notify.

    Mails link there to brochures that are too big for them, and to where news are stopped. Unset: notify has no pages,
    only the desk can stop news, and brochures that are too big for a mail stop the start.
    """
    bounces: DirectoryPath | None = None
    """The Maildir in which these reports are delivered. Unset: nobody reads them."""
    letters_per_minute: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """What the mail provider allows; each process keeps to it on its own. None: as many as come."""
    hold_ambiguous: Annotated[str, AfterValidator(_roles)] = ""
    """To whom a letter that may have arrived is not sent again, separated by commas: `customer,desk,staff`."""
    mail_check: MailCheck | None = None
    """What a start does about mails that cannot arrive. None: as `mail_check_at_start` says."""

    @field_validator("bounces")
    @classmethod
    def _is_maildir(cls, folder: DirectoryPath | None) -> DirectoryPath | None:
        if folder is not None and not (folder / "new").is_dir():
            raise ValueError("must be a Maildir: a folder with the folders new, cur and tmp")
        return folder

    @property
    def held_roles(self) -> frozenset[Role]:
        """Those of `hold_ambiguous`."""
        return frozenset(role for role in get_args(Role) if role in self.hold_ambiguous.split(","))

    @property
    def mail_check_at_start(self) -> MailCheck:
        """Where staff reach the dashboard from elsewhere, and mails leave this machine, they are for real customers."""
        is_for_customers = self.dashboard_url.startswith("https://") and not self.smtp.is_here
        return self.mail_check or ("refuse" if is_for_customers else "off")
