"""What a visitor is told before they say who they are is what their quote comes to afterwards."""

from tests.journeys.world import World, a_quote, until

ASKED = {"industry": "retail", "turnover": "500000", "plan": "basic"}
PATH = "/api/v1/products/cyber-security/estimate"
IN_PLACE = {f"d3_{number:02}": "yes" for number in range(1, 22) if number != 3} | {
    **{f"d3_01_{part}": "yes" for part in "abc"},
    "d3_02_a": "yes",
    "d3_15": "no",
    "d3_22": ["pmark", "isms"],
}
NOTHING = dict.fromkeys((key for key in IN_PLACE if len(key) == len("d3_01")), "no") | {
    "d3_15": "unknown",
    "d3_22": ["none"],
}


def test_a_fresh_system_shows_an_estimate_and_the_quotes_keep_to_it(world: World) -> None:
    """Rating publishes its tariff by itself, and nobody has to do anything."""
    shown = until(
        lambda: reply.json() if (reply := world.http.get(world.form + PATH, params=ASKED)).is_success else None
    )
    band = shown["options"][0]
    page = world.http.get(f"{world.form}/cyber-security/estimate", params=ASKED)

    best, worst, usual = (world.submit(a_quote(**answers)) for answers in (IN_PLACE, NOTHING, {}))
    for request in (best, worst, usual):
        world.ends(request, "quoted", {"receipt", "quote", "desk"})
    with world.mongo() as client:
        quotes = client["mitsumori_rating"]["quotes"]
        premiums = [
            [option["premium"] for option in quotes.find_one({"request_id": request.request_id})["options"]]  # type: ignore[index]  # it is there: it was mailed
            for request in (best, worst, usual)
        ]

    assert premiums[0] == [option["lowest"] for option in shown["options"]]
    assert premiums[1] == [option["highest"] for option in shown["options"]]
    assert band["lowest"] <= premiums[2][0] <= band["highest"]
    assert f"{band['lowest']:,}円 ～ {band['highest']:,}円" in page.text


def test_the_tariff_is_published_once_and_says_nothing_of_anybody(world: World) -> None:
    until(lambda: world.http.get(world.form + PATH, params=ASKED).is_success or None)

    records = world.records("mitsumori.tariffs.v1")

    # A topic that is made again, which another test tries, is told the same event again.
    assert len({dict(record.headers)["ce_id"] for record in records}) == 1
    assert {record.key for record in records} == {b"cyber-security"}
    assert all(dict(record.headers)["ce_signature"].startswith(b"rating-") for record in records)
    assert not [letter for letter in world.dead_letters("intake") if letter["topic"] == "mitsumori.tariffs.v1"]
