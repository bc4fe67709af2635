"""The lint of mails finds what Outlook does not show, and what would be fetched or run."""

import pytest

from tests.judges.mail_html import outlook_complaints


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        pytest.param("<img>", "<img>", id="a picture"),
        pytest.param("<script></script>", "<script>", id="a script"),
        pytest.param('<p class="x">', "<p class>", id="a class"),
        pytest.param('<p style="position:fixed">', "position on <p>", id="a property that it lacks"),
        pytest.param('<p style="padding:4px">', "padding on <p>", id="a property on another tag than a cell"),
        pytest.param('<p style="margin:0 -4px">', "margin:0 -4px, which is negative", id="a negative margin"),
        pytest.param('<td style="color:red;width:url(x)">', "style with url(", id="something from elsewhere"),
        pytest.param("<style>@import 'x'</style>", "style with @import", id="rules from elsewhere"),
        pytest.param('<a href="javascript:x">', "<a href='javascript:x'>", id="a link that runs something"),
        pytest.param("<!-- [if mso] -->", "a comment:  [if mso] ", id="a comment, which programs read differently"),
    ],
)
def test_what_does_not_belong_in_a_mail_is_named(html: str, complaint: str) -> None:
    assert complaint in outlook_complaints(html)


def test_what_belongs_there_is_passed() -> None:
    assert outlook_complaints('<table style="width:100%"><tr><td style="padding:4px">見本</td></tr></table>') == []
