"""Class lists as systems export them: every student in and nobody else, ids and names as they are, said in a line."""

import pytest

from valuechains.course.folder import CourseError
from valuechains.course.people import Student, read_class, read_students, write_students

NAMES = [
    ("Jean-Luc", "Smith-Jones"),
    ("María José", "Núñez Pérez"),
    ("伟", "王"),
    ("Sukarno", ""),
    ("Chidi", "Okafor, Jr."),
]
IDS = [f"00123{number}" for number in range(len(NAMES))]


def moodle(heads="First name,Last name,ID number,Email address,Groups", separator=","):
    rows = [heads.split(",")] + [
        [first, last, one, f"u{one}@uni.example", "Group A"] for one, (first, last) in zip(IDS, NAMES)
    ]
    return "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows) + "\n"


def canvas(number="SIS User ID"):
    rows = [f"Student,ID,{number},SIS Login ID,Section,Week 1 (4711)", "    Points Possible,,,,,10"]
    rows += [f'"{last}, {first}",{9000 + place},{IDS[place]},u{place},S1,' for place, (first, last) in enumerate(NAMES)]
    return "\n".join([*rows, '"Student, Test",9999,,abcdef0123456789abcdef01,S1,'])


def blackboard():
    rows = ['"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Availability"']
    return "\r\n".join(
        [*rows, *(f'"{last}"\t"{first}"\t"u{one}"\t"{one}"\t"Yes"' for one, (first, last) in zip(IDS, NAMES))]
    )


def brightspace():
    rows = ["OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator"]
    return "\n".join(
        [*rows, *(f'#{one},#u{one},"{last}",{first},u@x.example,#' for one, (first, last) in zip(IDS, NAMES))]
    )


EXPORTS = {
    "moodle": moodle().encode("utf-8-sig"),
    "moodle, German": moodle("Vorname,Nachname,ID-Nummer,E-Mail-Adresse,Gruppen", ";").encode("utf-8-sig"),
    "moodle, French": moodle("Prénom,Nom de famille,Numéro d’identification,Adresse de courriel,Groupes", ";").encode(),
    "moodle, Spanish": moodle("Nombre,Apellido(s),Número de ID,Dirección de correo,Grupos").encode(),
    "moodle, Chinese": moodle("名,姓,编号,电子邮件地址,小组").encode(),
    "capitals, UTF-16": moodle("FIRST NAME,LAST NAME,ID NUMBER,EMAIL ADDRESS,GROUPS", "\t").encode("utf-16"),
    "UTF-16, the other end first": b"\xfe\xff" + moodle(separator=";").encode("utf-16-be"),
    "UTF-16 without a mark": moodle(separator=";").encode("utf-16-le"),
    "canvas": canvas().encode("utf-8-sig"),
    "blackboard": blackboard().encode("utf-16"),
    "brightspace": brightspace().encode(),
    "ilias": moodle("Vorname,Nachname,Matrikelnummer,E-Mail,Gruppe", ";").encode(),
    "blanks and empty rows": ("\n\n" + moodle(separator=" , ").replace("\n", "\n\n,,,,\n") + "\n").encode(),
    "a line for a spreadsheet above": ("sep=;\n" + moodle(separator=";")).encode("utf-8-sig"),
    "a title above": ("Trade 2026;;;;\n;;;;\n" + moodle(separator=";")).encode(),
    "bars": moodle(separator="|").encode(),
    "more commas than semicolons in the headings": moodle("First name,Last name,ID number,Email address,Groups", ";")
    .replace("Groups", "Groups (1, 2, 3, 4, 5, 6)")
    .replace('"', "")
    .replace("Okafor, Jr.", '"Okafor, Jr."')
    .encode(),
    "as a spreadsheet keeps numbers": moodle().replace('"0012', "\"'0012").encode(),
    "blanks that nobody sees": moodle().replace('"0012', '"\u200b\u00a00012').encode(),
    "a row of totals": (moodle() + "Total,,,,\nOverall average,,,,\n").encode(),
    "moodle, Portuguese": moodle("Nome,Apelido(s),Número de ID,Endereço de email,Grupos").encode(),
    "moodle, Italian": moodle("Nome,Cognome,Matricola,Indirizzo email,Gruppi").encode(),
    "moodle, Dutch": moodle("Voornaam,Achternaam,Studentnummer,E-mailadres,Groepen", ";").encode(),
    "moodle, Swedish": moodle("Förnamn,Efternamn,ID-nummer,E-postadress,Grupper", ";").encode(),
    "moodle, Polish": moodle("Imię,Nazwisko,Numer ID,Adres e-mail,Grupa", ";").encode(),
    "moodle, Turkish": moodle("Adı,Soyadı,Kimlik numarası,E-posta adresi,Gruplar", ";").encode(),
    "moodle, Russian": moodle("Имя,Фамилия,Индивидуальный номер,Адрес электронной почты,x", ";").encode(),
    "moodle, Japanese": moodle("名,姓,IDナンバー,メールアドレス,グループ").encode("utf-16"),
    "our own, with capitals": moodle("First_Name,Last_Name,ID,Email,x").encode(),
}


@pytest.fixture
def file(tmp_path):
    def write(content: bytes):
        path = tmp_path / "class.csv"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("system", EXPORTS)
def test_an_export_is_read_as_it_comes(file, system):
    found = read_class(file(EXPORTS[system]))
    assert [one.id for one in found.students] == IDS
    assert [(one.first_name, one.last_name) for one in found.students] == NAMES
    assert found.line.count('"') >= 6  # the headings of the file itself
    assert found.line.endswith(".")
    assert "\n" not in found.line


def test_what_a_system_knows_of_a_student_is_kept_and_written(file, tmp_path):
    found = read_class(file(EXPORTS["canvas"]))
    assert (found.students[0].canvas_id, found.students[0].username) == ("9000", "u0")
    assert found.line.endswith("Left out: the row of points and the test student.")
    write_students(tmp_path / "students.csv", found.students)
    again = read_class(tmp_path / "students.csv")
    assert again.students == found.students
    assert again.line == ""


def test_rows_above_and_totals_are_left_out_and_missing_names_are_said(file):
    given = read_class(file(b"Trade 2026\nid,email\n1001.0,a@x.example\nTotal\n1002.0,b@x.example\n"))
    assert [one.id for one in given.students] == ["1001", "1002"]
    assert "no column has names" in given.line
    assert given.line.endswith("Left out: a line above the headings and a row of totals.")


def test_a_test_student_is_known_by_name_or_by_login(file):
    by_name = canvas().replace("abcdef0123456789abcdef01", "")
    by_login = canvas().replace('"Student, Test"', '"Prüfling, Ein"')
    for text in (by_name, by_login):
        found = read_class(file(text.encode()))
        assert [one.id for one in found.students] == IDS
        assert found.line.endswith("and the test student.")


def test_western_windows_text_is_read(file):
    found = read_students(file("id;first_name;last_name\n007;Zoë;Müller\n".encode("cp1252")))
    assert found == (Student("007", "Zoë", "Müller"),)


def test_without_a_number_the_user_name_or_mail_is_the_id_and_that_is_said(file):
    given = read_class(file(b"Full name,Email address\nAna Maria Alpha,ana.alpha@uni.example\nSukarno,s@uni.example\n"))
    assert given.students[0] == Student("ana.alpha", "Ana Maria", "Alpha", "ana.alpha@uni.example")
    assert 'what stands before the @ of "Email address"' in given.line
    blank = canvas().replace("001234", "").replace("0012", "")  # some have no SIS id
    assert read_class(file(blank.encode())).students[0].id == "u0"


@pytest.mark.parametrize(
    "text, said",
    [
        ("id\nab\nAB\n", "line 3: the ids ab and AB differ by case only"),
        ("id\nab\n\nab\n", "line 4: the id ab appears twice"),
        ("id,first_name\n,Ana\n", "line 2: there is no id"),
        ("id\na/b\n", "line 2: the id 'a/b' may hold"),
        ("id\n..\n", "line 2: the id '..' may hold"),
        ("surname\nAlpha\n", "no column id.*surname"),
        ("", "no column id.*nothing"),
        ("id\n\n", "names no student"),
        ("PK\x03\x04", "is a workbook"),
        ("id\n\ud800", "no table of text"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(file, text, said):
    content = text.encode("utf-8", "replace") if "\ud800" not in text else b"id\n\x81\n"
    with pytest.raises(CourseError, match=said):
        read_class(file(content))
    with pytest.raises(CourseError, match="There is no class list"):
        read_class(file(b"").with_name("none.csv"))
