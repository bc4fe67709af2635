"""The mailbox of this machine, as its own process: SMTP in, a Maildir, and a page out."""

import html
import re
import smtplib
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from local.children import free_port
from local.mail_links import linked
from local.maildir import Maildir
from local.services import MailboxProcess

PDF = b"%PDF-1.7\n" + b"\x00\xff" * 1000


@dataclass(frozen=True)
class Running:
    mailbox: MailboxProcess
    maildir: Path

    def send(self, mail: EmailMessage | bytes) -> None:
        content = mail if isinstance(mail, bytes) else mail.as_bytes(policy=policy.SMTP)
        host, port = self.mailbox.smtp.split(":")
        with smtplib.SMTP(host, int(port)) as client:
            client.sendmail("quote-desk@agency.example", ["hanako@customer.example"], content)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.mailbox.url}{path}")

    def newest(self) -> str:
        return Maildir(self.maildir).names()[0]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("mailbox")
    mailbox = MailboxProcess(free_port(), free_port(), folder / "maildir", folder / "bounces", folder / "mailbox.log")
    try:
        mailbox.spawn()
        mailbox.wait_until_ready()
        yield Running(mailbox, folder / "maildir")
    finally:
        mailbox.child.stop()


def a_mail(subject: str = "お見積書をお送りします") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "見積デスク <quote-desk@agency.example>"
    message["To"] = "hanako@customer.example"
    message["Subject"] = subject
    message["Date"] = "Mon, 23 Nov 2026 16:02:03 +0000"
    message["Message-ID"] = "<letter-1@agency.example>"
    message.set_content("株式会社みつもり 御中\n\n<script>alert(1)</script>\n")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="お見積書.pdf")
    message.add_attachment("<script>alert(2)</script>", subtype="html", filename="page.html")
    return message


def test_a_mail_is_kept_byte_for_byte(running: Running) -> None:
    content = a_mail().as_bytes(policy=policy.SMTP) + b"\r\n. a line that begins with a dot\r\n  \r\n"

    running.send(content)

    assert Maildir(running.maildir).read(running.newest()).content == content


def test_the_page_lists_mails_newest_first_with_their_dates_in_japan(running: Running) -> None:
    running.send(a_mail("一通目"))
    running.send(a_mail("二通目"))

    page = running.get("/").text

    assert page.index("二通目") < page.index("一通目")
    assert "hanako@customer.example" in page
    assert "2026/11/24 01:02:03" in page


def test_a_mail_is_shown_as_text_and_never_runs(running: Running) -> None:
    running.send(a_mail())

    shown = running.get(f"/mails/{running.newest()}")

    assert "株式会社みつもり 御中" in shown.text
    assert "&lt;script&gt;" in shown.text
    assert "<script>" not in shown.text
    assert "default-src 'none'" in shown.headers["content-security-policy"]


def test_the_html_of_a_mail_is_a_page_that_can_do_nothing(running: Running) -> None:
    mail = EmailMessage()
    mail.set_content("お見積り\n")
    mail.add_alternative("<p>お見積り<script>alert(1)</script></p>", subtype="html")
    running.send(mail)
    path = f"/mails/{running.newest()}"

    page, html = running.get(path).text, running.get(f"{path}/html")

    assert f'href="{path}/html"' in page
    assert "<script>" not in page
    assert "お見積り" in html.text
    assert {"sandbox", "default-src 'none'"} <= set(html.headers["content-security-policy"].split("; "))


def test_a_mail_of_text_alone_offers_no_html(running: Running) -> None:
    running.send(a_mail())
    path = f"/mails/{running.newest()}"

    assert f"{path}/html" not in running.get(path).text
    assert running.get(f"{path}/html").status_code == running.get("/mails/none/html").status_code == 404


@pytest.mark.parametrize(
    ("written", "target"),
    [
        pytest.param("http://127.0.0.1:8080/resume/aB3_-?x=1&y=2#z", None, id="a link of ours"),
        pytest.param("（http://localhost:8081/cases/1）です。", "http://localhost:8081/cases/1", id="in brackets"),
        pytest.param("see http://127.0.0.1:8080/a.", "http://127.0.0.1:8080/a", id="with a full stop"),
        pytest.param("https://127.0.0.1", None, id="without a path"),
    ],
)
def test_a_link_to_one_of_our_pages_can_be_followed(running: Running, written: str, target: str | None) -> None:
    """U10: the link to a saved form had to be copied out of the text by hand."""
    message = a_mail()
    message.clear_content()
    message.set_content(f"{written}\n")
    running.send(message)

    page = running.get(f"/mails/{running.newest()}").text

    link = html.escape(target or written)
    assert f'<a href="{link}" rel="noopener">{link}</a>' in page


@pytest.mark.parametrize(
    "written",
    [
        "https://evil.example/win",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1:8080@evil.example/",
        "http://127.0.0.1.evil.example/",
        "http://localhost.evil.example",
        "http://localhost-evil.example",
        "javascript:alert(1)//http:",
        "ftp://127.0.0.1/",
    ],
)
def test_a_link_to_anywhere_else_is_only_text(written: str) -> None:
    assert linked(f"a {written} b") == html.escape(f"a {written} b")


@pytest.mark.parametrize("mark", ['"', "'", "<", ">", "&", " onclick=x"])
def test_a_link_cannot_end_its_own_attribute(mark: str) -> None:
    made = linked(f"http://127.0.0.1/{mark}x=1 <script>")

    assert "<script>" not in made
    assert len(re.findall(r"<", made)) == 2
    assert re.fullmatch(r'[^"]*<a href="[^"<>]*" rel="noopener">[^"<>]*</a>[^<>"]*', made)


def test_a_mail_can_be_saved_as_it_was_sent(running: Running) -> None:
    """U10: for a look at its headers, or in another mail program."""
    running.send(a_mail())
    name = running.newest()

    saved = running.get(f"/mails/{name}/mail.eml")

    assert saved.content == Maildir(running.maildir).read(name).content
    assert saved.headers["content-type"] == "message/rfc822"
    assert saved.headers["content-disposition"] == f'attachment; filename="{name}.eml"'
    assert saved.headers["x-content-type-options"] == "nosniff"
    assert f'href="/mails/{name}/mail.eml"' in running.get(f"/mails/{name}").text


def test_a_pdf_opens_in_the_browser_and_a_page_is_only_downloaded(running: Running) -> None:
    running.send(a_mail())
    name = running.newest()

    pdf = running.get(f"/mails/{name}/attachments/0")
    page = running.get(f"/mails/{name}/attachments/1")

    assert pdf.content == PDF
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E3%81%8A")
    assert page.headers["content-type"] == "application/octet-stream"
    assert page.headers["content-disposition"].startswith("attachment")
    assert {pdf.headers["x-content-type-options"], page.headers["x-content-type-options"]} == {"nosniff"}


def test_a_mail_with_large_brochures_is_kept(running: Running) -> None:
    message = a_mail()
    message.add_attachment(b"\x00" * 14_000_000, maintype="application", subtype="pdf", filename="brochure.pdf")

    running.send(message)

    assert len(Maildir(running.maildir).read(running.newest()).attachments) == 3


@pytest.mark.parametrize(
    "path", ["/mails/none", "/mails/..%2F..%2Fmailbox.log", "/mails/none/attachments/0", "/mails/none/mail.eml"]
)
def test_only_what_is_in_the_mailbox_can_be_opened(running: Running, path: str) -> None:
    assert running.get(path).status_code == 404


def test_the_list_of_mails_looks_through_the_folder_a_few_times_and_not_once_for_each_mail(tmp_path: Path) -> None:
    """With 20,000 mails of a night's test, each look at the list took two seconds: the folder was listed 101 times."""
    maildir = Maildir(tmp_path)
    for number in range(3_000):
        (tmp_path / "new" / f"{1_764_000_000 + number}.M000000P1Q1.localhost").write_bytes(b"Subject: a\n\na\n")
    maildir.newest(100)

    once = min(_cpu_s(maildir.names) for _ in range(5))
    listed = min(_cpu_s(lambda: maildir.newest(100)) for _ in range(5))

    assert listed < 10 * once


def test_the_list_reads_no_brochure_of_a_mail(tmp_path: Path) -> None:
    """The first look at a hundred mails with brochures decoded them all and kept them: half a second and 37 MB."""
    maildir = Maildir(tmp_path)
    for number in range(20):
        mail = a_mail(f"{number}通目")
        mail.add_attachment(bytes(1_000_000), maintype="application", subtype="pdf", filename="brochure.pdf")
        maildir.add(mail.as_bytes(policy=policy.SMTP))

    tracemalloc.start()
    listed = maildir.newest(20)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [line.subject for line in listed] == [f"{number}通目" for number in reversed(range(20))]
    assert all(line.has_attachments for line in listed)
    assert most < 2_000_000


@pytest.mark.parametrize("lines", [10, 20_000], ids=["a short text", "a text longer than what is read at first"])
def test_a_text_is_read_whole_before_its_attachments_are(tmp_path: Path, lines: int) -> None:
    maildir, text = Maildir(tmp_path), "".join(f"{number}行目\n" for number in range(lines))
    mail = EmailMessage()
    mail.set_content(text)
    mail.add_attachment(PDF * 100, maintype="application", subtype="pdf", filename="お見積書.pdf")
    maildir.add(mail.as_bytes(policy=policy.SMTP))

    read = maildir.read(maildir.names()[0])

    assert read.text.replace("\r\n", "\n") == text
    assert [(file.name, file.content) for file in read.attachments] == [("お見積書.pdf", PDF * 100)]


def _cpu_s(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
