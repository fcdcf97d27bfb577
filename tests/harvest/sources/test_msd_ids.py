from harvest.sources.msd_ids import LookedUp, as_text, copied, raw
from harvest.sources.msd_parts import fixed

A, B, C = (b"TRAAAAAAAAAAAAAAA" + letter for letter in (b"A", b"B", b"C"))


def test_ids_with_a_file_have_its_place_and_others_follow_as_they_appear():
    ids = LookedUp(fixed(B + A))
    assert ids.number(fixed(C + A + C)).tolist() == [2, 1, 2]
    assert ids.number(fixed(B + C)).tolist() == [0, 2]
    assert ids.others().to_pylist() == [C]


def test_a_slice_of_ids_has_its_own_bytes_and_text():
    part = fixed(A + B + C).slice(1, 2)
    assert raw(part).tobytes() == B + C
    assert copied(part).to_pylist() == [B, C]
    assert as_text(part).to_pylist() == [B.decode(), C.decode()]
