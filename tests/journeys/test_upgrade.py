"""A service refuses a database that a newer version has changed for good, and starts again once that is mended."""

import json

from tests.cli.builders import mitsumori
from tests.journeys.world import World, a_quote, until


def test_a_service_of_before_is_refused_with_a_sentence_and_nothing_is_lost(world: World) -> None:
    rating = world.system.services["rating"]
    newer = {"_id": 99, "title": "後のバージョンの変更", "removes": True, "version": "9.0.0"}
    with world.mongo() as client:
        client["mitsumori_rating"]["migrations"].insert_one(newer)
    rating.child.stop()
    try:
        world.system.restart("rating")
        until(lambda: not rating.child.alive)
        request = world.submit(a_quote())
        last = [
            json.loads(line) for line in rating.child.log.read_text("utf-8").splitlines() if "start refused" in line
        ]
        checked = mitsumori("upgrade", "--check", "--data", str(world.folder), MITSUMORI_MONGO=world.system.mongo)
    finally:
        with world.mongo() as client:
            client["mitsumori_rating"]["migrations"].delete_one({"_id": 99})
        world.system.restart("rating")
        rating.wait_until_ready()

    world.ends(request, "quoted", {"receipt", "quote", "desk"})
    assert "9.0.0 以降のイメージに戻して起動してください" in last[-1]["reason"]
    assert "[要対応] rating: mitsumori_rating は 9.0.0 に更新済みで" in checked.stdout
