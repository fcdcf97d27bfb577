import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.sources.csv_records import CsvForm, find_header, records
from harvest.sources.feature_rows import Reject


def read(text, delimiter=","):
    """Read the rows behind the header, as cells, and as line and reason where they are rejects."""
    names = text.splitlines()[0].split(delimiter)
    found = list(records(io.StringIO(text, newline=""), CsvForm(delimiter, names)))
    return [(row.line, row.reason) if isinstance(row, Reject) else row[1] for row in found]


def table(*titles):
    """A table with these titles, each as it is put into its line."""
    return "id,title,artist\n" + "".join(f"{n},{each},A\n" for n, each in enumerate(titles))


def plain(*titles):
    return [[str(n), each, "A"] for n, each in enumerate(titles)]


@pytest.mark.parametrize("second", ['12" single', 'Big 12"', '"Help!"', '"Yes, it is"'])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_quote_that_nothing_closes_costs_no_row(second, ending):
    titles = ["x"] * 100
    titles[3], titles[90] = '"Heroes', second
    found = read(table(*titles).replace("\n", ending))
    titles[90] = second.strip('"') if second.startswith('"') else second
    assert found == plain(*titles)


def known(names):
    return len({"id", "title", "artist"} & {name.strip('"') for name in names})


@pytest.mark.parametrize("n_rows", [1, 50_000])  # joined, these are more than a field may hold
@pytest.mark.parametrize("header", ['"id,title,artist', 'id,"title,artist', 'id,title,"artist'])
def test_a_quote_left_open_in_the_header_costs_neither_a_name_nor_a_row(header, n_rows):
    text = f"\n,,\n{header}\n" + "7,x,A\n" * n_rows
    form = find_header(text, ",", known)
    assert (known(form.names), form.n_lines) == (3, 3)
    rows = list(records(io.StringIO(text, newline=""), form))
    assert (rows[0], len(rows)) == ((4, ["7", "x", "A"]), n_rows)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_header_over_lines_is_read_whole(ending):
    text = ending.join(["", 'id,title,"artist', '"', "7,x,A", ""])
    form = find_header(text, ",", lambda names: known([name.strip() for name in names]))
    assert ([name.strip() for name in form.names], form.n_lines) == (["id", "title", "artist"], 3)
    assert list(records(io.StringIO(text, newline=""), form)) == [(4, ["7", "x", "A"])]


def test_a_text_without_a_word_has_no_header():
    assert find_header("\n\n,,\n", ",", known).names == []


def test_two_rows_that_a_quote_joins_are_two_rows():
    assert read(table('"Heroes', '7"', "x")) == plain('"Heroes', '7"', "x")


def test_where_text_follows_a_closing_quote_half_of_the_lines_need_to_be_rows():
    assert read(table('"Heroes', "a", "b,", "c,", "d", '7" mix', "x")) == [
        *plain('"Heroes', "a"),
        (4, "has 4 fields, the header 3"),
        (5, "has 4 fields, the header 3"),
        *plain("0", "1", "2", "3", "d", '7" mix', "x")[4:],
    ]


def test_a_quote_left_open_in_the_last_row_or_column_costs_no_row():
    assert read(table("a", '"b', "c", "d")) == plain("a", '"b', "c", "d")
    assert read('id,a\n1,"b\n2,c\n3,d"\n4,e\n') == [
        ["1", '"b'],
        ["2", "c"],
        ["3", 'd"'],
        ["4", "e"],
    ]
    assert read('id,a\n1,"b\n2,c\n3,d') == [["1", '"b'], ["2", "c"], ["3", "d"]]


def test_spaces_behind_delimiters_are_no_prose_where_the_header_has_them_too():
    rows = read('id, title, artist\n1, x, A\n"2, y, A\n3, z, A\n4, u, A"\n5, v, A\n')
    assert [row[0] for row in rows] == ["1", '"2', "3", "4", "5"]


def test_a_quote_left_open_is_a_character_in_its_own_field_alone():
    rows = read('a,b,c\n"x, y","z,1\nu,v,2\nu,"w" v,3\n')
    assert rows == [["x, y", '"z', "1"], ["u", "v", "2"], ["u", "w v", "3"]]


def test_more_lines_than_a_field_may_be_long_are_read_one_by_one():
    titles = ['"Heroes', *["x" * 1000] * 500]  # 500,000 characters, and 131,072 are the most
    assert read(table(*titles)) == plain(*titles)


def test_a_row_over_lines_is_read_behind_one_with_a_quote_left_open():
    rows = read(table('"Heroes', "x", '"two\nlines, ""quoted"""', "y"))
    assert rows == plain('"Heroes', "x", 'two\nlines, "quoted"', "y")


def test_damage_among_lines_that_a_quote_joined_costs_its_own_line():
    assert read(table('"Heroes', *"abcdefgh", "i,", "\0", '7" mix')) == [
        *plain('"Heroes', *"abcdefgh"),
        (11, "has 4 fields, the header 3"),
        (12, "holds a NUL byte"),
        ["11", '7" mix', "A"],
    ]


def test_a_quote_left_open_costs_no_row_between_semicolons():
    text = table('"Heroes', "x, y", '7" mix', "z").replace(",", ";").replace("x; y", "x, y")
    assert read(text, ";") == plain('"Heroes', "x, y", '7" mix', "z")


def test_a_cell_that_is_too_long_costs_its_own_line_among_those_that_a_quote_joined():
    assert read(table('"Heroes', "x" * 200_000, "y", '7" mix', "z")) == [
        ["0", '"Heroes', "A"],
        (3, "cannot be read: field larger than field limit (131072); is a quote left open?"),
        *plain("0", "1", "y", '7" mix', "z")[2:],
    ]


def test_lines_are_counted_on_behind_those_that_a_quote_joined():
    assert read(table('"Heroes', *"abcdefgh", '7" mix', "x", "y,", "z")) == [
        *plain('"Heroes', *"abcdefgh", '7" mix', "x"),
        (13, "has 4 fields, the header 3"),
        ["12", "z", "A"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        'title,text\nx,"one\ntwo, and three"\ny,z\n',
        'id,title,text\n1,x,"one, two\nthree, four, ""five""\n\nsix"\n2,y,z\n',
        'id,title,text\n1,"one\ntwo\nthree",x\n2,y,z\n',
        'id,title,text\n1,x,"one\ntwo, three, and four\nfive, six, and seven"\n2,y,z\n',
        'text\n"one\ntwo"\nthree\n',
        'id,title,text\n1,x,"a\nabc\nabc\nabc\nb,c,d"\n2,y,z\n',
        'id,title,text\n1,x,"a\n' + "b,c,d\n" * 20 + 'end"\n2,y,z\n',
    ],
)
def test_cells_over_lines_are_read_as_ever(text):
    assert read(text) == list(csv.reader(io.StringIO(text)))[1:]


def test_quotes_within_a_cell_over_lines_do_not_part_it():
    rows = read('id,title,text\n1,x,"one\nsays "two" and three"\n2,y,z\n')
    assert rows == [["1", "x", 'one\nsays two" and three"'], ["2", "y", "z"]]
    rows = read('id;title;text\n1;x;"one\nsays "two", and three"\n2;y;z\n', ";")
    assert rows == [["1", "x", 'one\nsays two", and three"'], ["2", "y", "z"]]


def test_a_quote_left_open_before_what_are_no_rows_is_told_of_with_the_number_of_lines():
    rows = read('a,b,c\n1,"x\n2\n3\n4",y,z\n5,u,v\n')
    assert rows == [
        (2, "has 4 fields, the header 3 over 4 lines; is a quote left open?"),
        ["5", "u", "v"],
    ]
    (reject, *_) = read('a,b,c\n1,"' + "word\n" * 30_000)
    assert reject[0] == 2
    assert "field larger than field limit" in reject[1]
    assert "over 26,215 lines; is a quote left open?" in reject[1]


@pytest.mark.parametrize("line", ['1,"x,y\n', '1,"x"z,"\n', '"x, y\n', '1,2,"x\n"\n', '","\n'])
def test_however_many_quotes_are_left_open_time_is_linear(line):
    # Were each line read again for each one before it, this would take hours.
    start = time.process_time()
    read("a,b,c\n" + line * 100_000)
    assert time.process_time() - start < 20


# Without a delimiter, no line within a cell can pass for a row.
CELLS = st.text(alphabet='ab"\n\r; ', max_size=8)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n))))
def test_what_is_written_by_the_rules_is_read_as_it_was(rows):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["name"] * len(row) for row in rows[:1]] + rows)
    assert read(file.getvalue() or "x") == [row for row in rows if any(row)]
