import numba

from harvest.machine.compiling import compiled


def double(number: int) -> int:
    return 2 * number


def test_a_compiled_function_gives_what_it_gave_before():
    assert compiled(double)(21) == 42


def test_a_place_for_the_machine_code_is_not_needed(monkeypatch):
    njit = numba.njit

    def refuse_cache(**options):
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function 'double': no locator available")
        return njit(**options)

    monkeypatch.setattr(numba, "njit", refuse_cache)
    assert compiled(double)(21) == 42
