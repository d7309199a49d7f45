"""CSV as it comes out of other systems: every row is read or has a reason, with its line number."""

import pytest

from resign.push.lines import LONGEST, CannotRead


def test_each_row_names_its_best_identifier(csv_of):
    found = csv_of(
        "email,name,customId,clientId\na@b.example,Anna,C-1,7\nb@b.example,Bo,C-2,\nc@b.example,Cy,,\n"
    )
    assert found.texts == {2: "clientId 7", 3: "customId C-2", 4: "email c@b.example"}


def test_a_clientid_is_written_as_synerise_writes_it(csv_of):
    assert csv_of("clientId\n007\n").texts == {2: "clientId 7"}


@pytest.mark.parametrize(
    "content",
    [
        "email\r\na@b.example\r\n",
        "\ufeffemail\na@b.example",
        " E mail \na@b.example\n",
        "EMAIL,name\n a@b.example ,x\n",
        '"email","name"\n"a@b.example","x, y"\n',
        "name;email\nx;a@b.example\n",
        "email\tname\na@b.example\tx\n",
        "name,name,email\n1,2,a@b.example\n",
    ],
)
def test_line_ends_marks_quotes_and_headings_do_not_matter(csv_of, content):
    assert csv_of(content).texts == {2: "email a@b.example"}


def test_a_column_can_be_named(csv_of):
    assert csv_of("E-mail\na@b.example\n", "email=e-mail").texts == {2: "email a@b.example"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("name,phone\nx,1\n", "no column of the header is named"),
        ("email,E mail\na@b.example,b@b.example\n", "more than once"),
        ("x" * (LONGEST + 2), "longer than"),
        (b"\xff\xfee\x00m\x00a\x00i\x00l\x00\n\x00", "UTF-16"),
        (b"em\xe4il\n", "not UTF-8"),
    ],
)
def test_without_a_header_that_can_be_read_nothing_is(csv_of, content, said):
    with pytest.raises(CannotRead, match=said):
        csv_of(content)


def test_what_is_wrong_with_a_row_is_said_with_its_line(csv_of):
    found = csv_of(
        b"email,name\n"
        b"a@b.example\n"  # 2
        b"b@b.example,B,C\n"  # 3
        b"b\xe9a@b.example,B\n"  # 4
        b",nobody\n"  # 5
        b"no address,x\n"  # 6
        b"a\x00b@c.example,x\n"  # 7
        b"\n"
        b"smile\xf0\x9f\x98\x80@b.example,x\n"  # 9
        b"a@b.xn--p1ai,x\n"  # 10
        b'"a"b,c\n'  # 11
        b"Good@B.example,\xf0\x9f\x98\x80\n"  # 12
    )
    assert found.texts == {
        2: "the row has 1 cells, the header 2",
        3: "the row has 3 cells, the header 2",
        4: "the line is not UTF-8; save the file as UTF-8 and take the row from there",
        5: "the row names nobody: clientId, customId, email are missing or empty",
        6: "email: this is not an e-mail address that Synerise accepts",
        7: "email: the identifier holds a character that Synerise refuses",
        9: "email: the identifier holds a character that Synerise refuses",
        10: "email: this is not an e-mail address that Synerise accepts",
        11: "the row is not CSV: a quote or a line end stands where none may",
        12: "email Good@B.example",
    }


def test_a_wrong_clientid_is_not_passed_over_for_the_address_beside_it(csv_of):
    found = csv_of("email,clientId\na@b.example,4.0E+8\n")
    assert found.texts == {2: "clientId: a clientId is a whole number"}


def test_a_quoted_cell_may_hold_line_ends(csv_of):
    found = csv_of('email,note\na@b.example,"one\ntwo\r\nthree"\nb@b.example,x\n')
    assert found.texts == {2: "email a@b.example", 5: "email b@b.example"}


@pytest.mark.parametrize("end", ["", "\n", "c@b.example,\n" * 20_000])
def test_a_quote_that_is_never_closed_costs_its_own_line_alone(csv_of, end):
    found = csv_of(f'email,note\na@b.example,"one\nb@b.example,x\n{end}')
    assert "quote is opened and not closed" in found.texts.pop(2)
    assert found.texts.pop(3) if 2 not in found.texts else True
    assert found.named[3].value == "b@b.example"
    assert len(found.rows) == 2 + end.count("@")


def test_a_line_of_ten_megabytes_is_one_reject_and_is_not_kept(csv_of):
    content = b"email,note\na@b.example,x\n" + b"y" * (10 << 20) + b"\nb@b.example,x\n"
    found = csv_of(content)
    assert found.texts == {
        2: "email a@b.example",
        3: "the line is longer than 128 KiB",
        4: "email b@b.example",
    }
    assert found.ends[-1] == len(content)


def test_a_line_at_the_limit_is_read(csv_of):
    note = "y" * (LONGEST - len("a@b.example,\n"))
    assert csv_of(f"email,note\na@b.example,{note}\n").texts == {2: "email a@b.example"}
    assert "longer" in csv_of(f"email,note\na@b.example,{note}yy\n").texts[2]


def test_an_identifier_whose_letters_were_lost_is_refused(csv_of):
    assert "letters of it were lost" in csv_of("email\nb\ufffd@b.example\n").texts[2]


def test_our_own_rejects_are_read_without_what_made_them_neutral(csv_of):
    ours = csv_of("line,reason,email,customId,clientId\r\n7,x,'+anna@b.example,,\r\n")
    assert ours.texts == {2: "email +anna@b.example"}
    assert csv_of("email\n'+anna@b.example\n").texts == {2: "email '+anna@b.example"}
