"""Why a request looks suspicious, in sentences for the desk."""

import pytest

from services.notify.domain.suspicions import in_sentences
from shared.events import SUSPICIONS


@pytest.mark.parametrize("code", SUSPICIONS)
def test_there_is_a_sentence_for_every_suspicion_of_the_published_language(code: str) -> None:
    (sentence,) = in_sentences([code])

    assert sentence.endswith("。")


def test_suspicions_that_we_do_not_know_yet_are_said_once_to_be_others() -> None:
    assert in_sentences(["of-tomorrow", "honeypot", "of-the-day-after"]) == [
        "その他の理由",
        "画面には表示されない入力欄に、記入がありました。",
    ]
