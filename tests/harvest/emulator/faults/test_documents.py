from xml.etree import ElementTree as ET

import numpy as np
import pytest

from harvest.emulator.exchange import XML, Ask, Reply
from harvest.emulator.faults import documents
from harvest.emulator.faults.strike import LASTFM, Situation
from harvest.emulator.services.lastfm import failure

INFO = Reply(
    200, b"<lfm><track><name>T</name><listeners>5</listeners></track></lfm>", XML, {}, ["k"]
)
AT = Situation(Ask("lastfm", "track.getInfo", ["k"]), np.random.default_rng(0), 0.0)


def spoilt(profile, reply):
    return profile(0.5).decide(AT).spoil(reply)


def test_the_bomb_is_small_and_of_nothing_but_entities_of_entities():
    fault = documents.bomb(0.5).decide(AT)
    assert (fault.reply.status, fault.reply.content_type) == (200, XML)
    text = fault.reply.body.decode()
    assert len(text) < 2000
    assert text.count("<!ENTITY") == 10
    # 9 levels of 10 make 10⁹ times "ha!"
    assert all(f'e{level} "{f"&e{level - 1};" * 10}"' in text for level in range(1, 10))


def test_the_bomb_is_xml_that_a_parser_would_begin_to_expand():
    small = documents.bomb_document().decode().replace("&e9;</name>", "&e2;</name>")
    assert ET.fromstring(small).findtext("track/name") == "ha!" * 100


@pytest.mark.parametrize("name", ["listeners", "count", "match"])
def test_one_number_is_out_of_its_range_and_nothing_counts_as_served(name):
    body = f"<lfm><{name}>1</{name}><{name}>2</{name}></lfm>".encode()
    reply = spoilt(documents.number, Reply(200, body, XML, {}, ["k"]))
    assert reply.body == f"<lfm><{name}>-1</{name}><{name}>2</{name}></lfm>".encode()
    assert reply.served == []


def test_control_characters_make_names_that_no_xml_can_hold_and_count_as_served():
    reply = spoilt(documents.control, INFO)
    assert reply.served == ["k"]
    with pytest.raises(ET.ParseError):
        ET.fromstring(reply.body)
    assert reply.body.replace(b"\x07", b"") == INFO.body


@pytest.mark.parametrize("profile", [documents.number, documents.control])
def test_a_reply_without_names_and_numbers_is_not_struck(profile):
    assert spoilt(profile, failure(6)) is None


def test_they_strike_last_fm_alone():
    for profile in (documents.bomb, documents.number, documents.control):
        assert (profile(0.5).services, profile(0.5).share) == (LASTFM, 0.5)
