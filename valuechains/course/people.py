"""The class list: our own file, or what Moodle, Canvas, Blackboard, Brightspace, ILIAS, OpenOlat or Sakai hand out.

    found = read_class(Path("courseid_7_participants.csv"))
    print(found.line)      # what the file calls its columns, and what was left out

Columns go by their headings, in any order and whatever the case. What identifies a student in the course is the first
of id, student number, user name, mail address (the part before the @) and Canvas's number that every student has.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from _csv import Reader
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from valuechains.course.errors import CourseError
from valuechains.tongue import say, to_say

COLUMNS = ("id", "first_name", "last_name", "email")  # of our own file; the next only where somebody has one
MORE = ("username", "canvas_id", "group", "language")
ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_-])?")
IDENTIFIERS = ("id", "number", "username", "email", "canvas_id")
# headings in letters and digits only, in English, German, French, Spanish, Portuguese, Italian, Dutch, the languages of
# the North, Polish, Czech, Turkish, Russian, Chinese, Japanese and Korean
HEADINGS = {
    "number": "idnumber studentid studentnumber studentno sisuserid orgdefinedid externalpersonkey matriculationnumber "
    "idnummer matrikelnummer matrikelnr matriculation institutionsnummer institutionalidentifier numérodidentification "
    "numérodétudiant númerodeid númeroid númerodeidentificación númerodeidentificação númerodoaluno matrícula "
    "matricola numeroid numerodimatricola codiceidentificativo studentnummer studentennummer opiskelijanumero "
    "numerid numeridentyfikacyjny numeralbumu nralbumu identifikačníčíslo osobníčíslo öğrencino kimliknumarası "
    "индивидуальныйномер номерзачетнойкнижки id号 id号码 编号 学号 學號 編號 学籍番号 学生番号 idナンバー 학번",
    "username": "username login loginname sislogin sisloginid userid eid benutzername anmeldename loginkennung "
    "nomdutilisateur identifiantdeconnexion nombredeusuario usuario nomedeusuário nomedoutilizador nomeutente "
    "gebruikersnaam användarnamn brugernavn brukernavn käyttäjätunnus nazwaużytkownika uživatelskéjméno "
    "kullanıcıadı логин имяпользователя 用户名 使用者名稱 ユーザ名 ユーザー名 사용자이름",
    "first_name": "firstname givenname givennames forename vorname vornamen prénom prénoms nombre nombres nome "
    "voornaam förnamn fornavn etunimi imię jméno křestníjméno adı имя 名 名字 이름",
    "last_name": "lastname surname familyname nachname familienname nom nomdefamille apellido apellidos apelido "
    "apelidos sobrenome cognome achternaam efternamn efternavn etternavn sukunimi nazwisko příjmení soyadı фамилия "
    "姓 姓氏 성",
    "email": "email emailaddress mail mailaddress emailadresse adressedecourriel adresseemail courriel "
    "direccióndecorreo correoelectrónico direccióndecorreoelectrónico direcciónemail endereçodeemail "
    "indirizzoemail emailadres emailadress epost epostadress epostadresse mailadresse sähköposti "
    "sähköpostiosoite adresemail emailováadresa eposta epostaadresi адресэлектроннойпочты электроннаяпочта "
    "电子邮件 电子邮件地址 邮箱 email地址 電子郵件 電子郵件信箱 メールアドレス 이메일",
    "name": "name fullname student studentname user firstnamelastname lastnamefirstname vollständigername "
    "vornamenachname nomcomplet prénomnom nombrecompleto nombreapellidos nomecompleto nomecognome volledigenaam "
    "fullständigtnamn imięinazwisko 全名 姓名 氏名 フルネーム",
    "group": "group groups gruppe gruppen groupe groupes grupo grupos gruppo gruppi groep groepen grupp grupper grupa "
    "section sections 小组 群組 グループ",
    "canvas_id": "canvasid canvasuserid",
    "language": "language lang preferredlanguage sprache langue idioma lingua taal språk język jazyk dil язык 语言 "
    "語言 言語 언어",
    "id": "id",
}
WORDS = {
    "first_name": to_say("the first name"),
    "last_name": to_say("the last name"),
    "name": to_say("the name"),
    "email": to_say("the mail address"),
    "username": to_say("the user name"),
    "canvas_id": to_say("Canvas's own number"),
    "group": to_say("the group"),
    "language": to_say("the language"),
    "number": to_say("a number of the student's"),
    "id": to_say("an id"),
}
BLANK = " \t\r\n\xa0\u2007\u202f\u200b\u200e\u200f\u2060\ufeff"
ABOVE = 10  # lines of a title that may stand above the headings
MEANS = {heading: column for column, headings in HEADINGS.items() for heading in headings.split()}
CANVAS = {
    "sisuserid",
    "sisloginid",
    "integrationid",
    "section",
}  # with one of these and "Student", "ID" is Canvas's own
TEST = {"student, test", "test student", "teststudent"}
TOTALS = re.compile(
    r"\W*(?:(?:sub|grand )?totals?|(?:\w+ )?(?:average|mean|median)|points possible|count|"
    r"summe|gesamt|durchschnitt|mittelwert|anzahl|moyenne|promedio|media|总计|合计|平均)\W*(?:\d+\W*)?",
    re.I,
)
HASH = re.compile(r"[0-9a-f]{20,}")  # what Canvas gives its test student for a login


@dataclass(frozen=True)
class Student:
    """One of the class. username and group: in the LMS; canvas_id: the number that Canvas gives a user; language: what
    the student is addressed in, if it is not the course's."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    username: str = ""
    canvas_id: str = ""
    group: str = ""
    language: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.id


@dataclass(frozen=True)
class ClassList:
    """The students in the file's order. line: one sentence on how the file was read, empty for a file of our own."""

    students: tuple[Student, ...]
    line: str = ""


def read_students(path: Path) -> tuple[Student, ...]:
    return read_class(path).students


def read_class(path: Path) -> ClassList:
    """The class list of a file. Raises CourseError."""
    lines = table(path)
    begin = next((at for at, (_, cells) in enumerate(lines[:ABOVE]) if _identified(cells)), 0)
    heads = [" ".join(cell.split()) for cell in lines[begin][1]] if lines else []
    called = _columns(path, heads)
    entries, skipped = [], [say("a line above the headings")] * begin
    for place, cells in lines[begin + 1 :]:
        row = {column: _cell(cells, at) for column, at in called.items()}
        if why := _not_a_student(row):
            skipped.append(why)
        elif any(row.values()):
            entries.append((place, row))
    if not entries:
        raise CourseError(
            say("{path} names no student: begin it with the line {columns}.", path=path.name, columns=",".join(COLUMNS))
        )
    key = _identifier(entries)
    students = [_student(path, place, row, key) for place, row in entries]
    _distinct(path, [place for place, _ in entries], students)
    return ClassList(tuple(students), _line(path, {column: heads[at] for column, at in called.items()}, key, skipped))


def write_students(path: Path, students: Sequence[Student]) -> None:
    columns = [*COLUMNS, *(column for column in MORE if any(getattr(one, column) for one in students))]
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([getattr(one, column) for column in columns] for one in students)


def table(path: Path) -> list[tuple[int, list[str]]]:
    """Rows that hold anything, with the number of their last line."""
    text = _text(path)
    reader = _rows(text, max(",;\t|", key=lambda separator: _width(text, separator)))
    try:
        return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CourseError(
            say(
                "{path}, line {line_num}: {error}; save the class list again as CSV.",
                path=path.name,
                line_num=reader.line_num,
                error=error,
            )
        ) from None


def _rows(text: str, separator: str) -> Reader:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)


def _width(text: str, separator: str) -> float:
    """How many cells most rows have if this is what parts them: a comma may stand in a name or a number."""
    with contextlib.suppress(csv.Error):
        return median([len(row) for row in _rows(text, separator) if any(cell.strip() for cell in row)] or [0])
    return 0


def _text(path: Path) -> str:
    """The file's text: UTF-16 where it says so or shows it, UTF-8, else what Windows writes in western Europe."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CourseError(
            say(
                "There is no class list {path}: give a CSV file with the columns {columns}.",
                path=path.name,
                columns=", ".join(COLUMNS),
            )
        ) from None
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise CourseError(say("{path} is a workbook and no table of text: save the class list as CSV.", path=path.name))
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        elif b"\0" in content[:200]:
            text = content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le")
        else:
            text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text or "\ufffd" in text:
        raise CourseError(
            say(
                "{path} is no table of text that can be read: save the class list again as CSV in UTF-8.",
                path=path.name,
            )
        )
    return text


def _identified(heads: Iterable[str]) -> bool:
    return any(MEANS.get(_squashed(head)) in IDENTIFIERS for head in heads)


def _columns(path: Path, heads: Sequence[str]) -> dict[str, int]:
    """Where each known column stands; of two headings for one thing the first counts."""
    plain = [_squashed(head) for head in heads]
    canvas = "student" in plain and "id" in plain and bool(CANVAS & set(plain))
    found: dict[str, int] = {}
    for place, head in enumerate(plain):
        column = "canvas_id" if canvas and head == "id" else MEANS.get(head)
        if column:
            found.setdefault(column, place)
    if not set(IDENTIFIERS) & set(found):
        raise CourseError(
            say(
                "{path} has no column id, nor one with a student number, a user name or a mail "
                "address (its first line has: {heads}): begin it with the line {columns}.",
                path=path.name,
                heads=", ".join(head.strip() for head in heads) or say("nothing"),
                columns=",".join(COLUMNS),
            )
        )
    return found


def _squashed(heading: str) -> str:
    return "".join(char for char in heading.casefold() if char.isalnum())


def _cell(cells: Sequence[str], at: int) -> str:
    """A cell without blanks, seen or not, without Brightspace's # before a number and without what a spreadsheet does
    to one: ="007", '007, 1001.0."""
    cell = cells[at].strip(BLANK) if at < len(cells) else ""
    cell = re.sub(r'^="(.*)"$', r"\1", cell).removeprefix("#").strip(BLANK)
    return re.sub(r"^'(?=\w*\d)|(?<=^\d{3})(\d*)\.0$", r"\1", cell)


def _not_a_student(row: dict[str, str]) -> str:
    name = (row.get("name") or f"{row.get('first_name', '')} {row.get('last_name', '')}").strip().casefold()
    known = [row.get(column, "") for column in IDENTIFIERS]
    if "canvas_id" in row and not any(known):
        return say("the row of points")
    said = [cell for cell in row.values() if cell]
    if len(said) == 1 < len(row) and TOTALS.fullmatch(said[0]) and not row.get("email"):
        return say("a row of totals")
    if name in TEST and not row.get("id") and not row.get("number"):
        return "the test student"
    if row.get("canvas_id") and not row.get("number") and HASH.fullmatch(row.get("username", "")):
        return "the test student"
    return ""


def _identifier(entries: list[tuple[int, dict[str, str]]]) -> str:
    """The column that tells students apart: the first that everybody has, in a form that can be a file's name."""
    there = [column for column in IDENTIFIERS if column in entries[0][1]]
    if "id" in there:
        return "id"

    def fits(column: str) -> bool:
        ids = [_id(row, column) for _, row in entries]
        return all(map(ID.fullmatch, ids)) and len({one.casefold() for one in ids}) == len(ids)

    return next((column for column in there if fits(column)), there[0])


def _id(row: dict[str, str], column: str) -> str:
    return row[column].partition("@")[0] if column == "email" else row[column]


def _student(path: Path, place: int, row: dict[str, str], key: str) -> Student:
    own = _id(row, key)
    if not ID.fullmatch(own):
        why = (
            say("the id {own!r} may hold letters, digits, - _ and . only; change it", own=own)
            if own
            else say("there is no id; add one")
        )
        raise CourseError(say("{path}, line {place}: {why}.", path=path.name, place=place, why=why))
    first, last = row.get("first_name", ""), row.get("last_name", "")
    if not first and not last:
        first, last = _parted(row.get("name", ""))
    return Student(own, first, last, *(row.get(column, "") for column in ("email", *MORE)))


def _parted(name: str) -> tuple[str, str]:
    """First and last name of "Last, First" or "First Last"; a comma inside the last name stays there."""
    if "," in name:
        last, _, first = name.rpartition(",")
    else:
        first, _, last = name.rpartition(" ")
    return first.strip(), last.strip()


def _distinct(path: Path, places: Iterable[int], students: Sequence[Student]) -> None:
    seen: dict[str, str] = {}
    for place, one in zip(places, students):
        other = seen.get(one.id.casefold())
        if other == one.id:
            raise CourseError(
                say(
                    "{path}, line {place}: the id {id} appears twice; give each student one of their own.",
                    path=path.name,
                    place=place,
                    id=one.id,
                )
            )
        if other:
            raise CourseError(
                say(
                    "{path}, line {place}: the ids {other} and {id} differ by case only, and some disks "
                    "do not tell such names apart; give each student one of their own.",
                    path=path.name,
                    place=place,
                    other=other,
                    id=one.id,
                )
            )
        seen[one.id.casefold()] = one.id


def _line(path: Path, heads: dict[str, str], key: str, skipped: Sequence[str]) -> str:
    """What was read as what; nothing for a file whose columns have our own names."""
    if key == "id" and not skipped and all(head == column for column, head in heads.items()):
        return ""
    own = (
        say('"{heads}" is the id', heads=heads[key])
        if key != "email"
        else say('the id is what stands before the @ of "{heads}"', heads=heads[key])
    )
    rest = [f'"{head}" {say(WORDS[column])}' for column, head in heads.items() if column != key]
    if not {"name", "first_name", "last_name"} & heads.keys():
        rest.append(say("no column has names"))
    left = [f"{what}{f' ({count} times)' if count > 1 else ''}" for what, count in Counter(skipped).items()]
    return f"{path.name}: {', '.join([own, *rest])}." + (
        say(" Left out: {left}.", left=" and ".join(left)) if left else ""
    )
