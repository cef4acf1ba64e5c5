"""Text files: whatever a spreadsheet program wrote is read as it was meant, or asked about; never as other letters."""

import random
from contextlib import suppress

import pytest

from student_track.errors import InputError
from student_track.ingest.text_encodings import find_encoding
from student_track.ingest.text_files import read_text_file

HEADER = "student_id,name,date,mark"
NAMES = {
    "German": ["Jürgen Müller", "Käthe Weiß", "Björn Schäfer"],
    "French": ["Irène Lefèvre", "François Béranger", "Noël Gauthier", "Benoît Façade"],
    "Spanish": ["Íñigo Muñoz", "María Peña", "Begoña Ibáñez"],
    "Swedish": ["Åsa Öberg", "Göran Ångström", "Håkan Sjöström"],
    "Polish": ["Łukasz Wójcik", "Żaneta Śliwińska", "Małgorzata Dąbrowska"],
    "Czech": ["Jiří Dvořák", "Kateřina Černá", "Věra Šťastná"],
    "Turkish": ["Işıl Yılmaz", "Çağrı Şahin", "Ömer İnönü"],
    "Irish": ["Seán O’Brien", "Zoë McÉwan", "Síle Ní Dhomhnaill"],
    "Russian": ["Иван Петров", "Мария Сидорова", "Алексей Жуков"],
    "Greek": ["Γιώργος Παπαδόπουλος", "Ελένη Νικολάου"],
    "Hebrew": ["דוד כהן", "שרה לוי"],
    "Arabic": ["محمد علي", "فاطمة حسن"],
    "Japanese": ["山田太郎", "さとう はなこ", "鈴木一郎 A組"],
    "Chinese": ["王小明", "韩梅梅", "张婷婷"],
    "Taiwanese": ["陳小明", "張惠妹"],
    "Korean": ["김철수", "이영희"],
}


@pytest.fixture
def file(tmp_path):
    def write(content, encoding="utf-8"):
        path = tmp_path / "7A.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def register(names, end="\r\n"):
    return end.join([HEADER, *(f"{number:04d},{name},2026-09-07,P" for number, name in enumerate(names))]) + end


def texts(path, **options):
    return [[cell.text for cell in row] for row in read_text_file("7A.csv", path, 1000, **options).grid.rows]


@pytest.mark.parametrize(
    ("encoding", "read_as"),
    [
        ("utf-8", "UTF-8, comma"),
        ("utf-8-sig", "UTF-8, comma"),
        ("utf-16", "UTF-16, comma"),
        ("utf-16-le", "UTF-16-LE, comma"),
        ("utf-16-be", "UTF-16-BE, comma"),
    ],
)
@pytest.mark.parametrize("language", ["French", "Russian", "Chinese"])
def test_unicode_is_read_with_and_without_its_mark(file, language, encoding, read_as):
    path = file(register(NAMES[language]), encoding)
    assert [row[1] for row in texts(path)[1:]] == NAMES[language]
    assert texts(path)[0][0] == "student_id"
    assert read_text_file("7A.csv", path, 1000).read_as == read_as


@pytest.mark.parametrize(
    ("language", "encoding", "read_as"),
    [
        ("German", "cp1252", "windows-1252"),
        ("German", "mac_roman", "Mac Roman"),
        ("French", "mac_roman", "Mac Roman"),
        ("Polish", "cp1250", "windows-1250"),
        ("Czech", "cp1250", "windows-1250"),
        ("Russian", "cp1251", "windows-1251"),
        ("Russian", "koi8_r", "KOI8-R"),
        ("Greek", "cp1253", "windows-1253"),
        ("Arabic", "cp1256", "windows-1256"),
        ("Japanese", "cp932", "Shift_JIS"),
        ("Taiwanese", "big5", "BIG5"),
    ],
)
def test_an_old_encoding_is_read_where_only_one_reading_is_text(file, language, encoding, read_as):
    path = file(register(NAMES[language]), encoding)
    assert [row[1] for row in texts(path)[1:]] == NAMES[language]
    assert read_text_file("7A.csv", path, 1000).read_as == f"{read_as}, comma"


@pytest.mark.parametrize(
    ("language", "encoding", "doubt"),
    [
        ("French", "cp1252", "line 2: is not UTF-8 text, .* è in windows-1252, č in windows-1250"),
        ("Turkish", "cp1254", "þ in windows-1252, ţ in windows-1250, ş in windows-1254"),
        ("Chinese", "gb18030", "王 in GB18030"),
        ("Hebrew", "cp1255", "ã in windows-1252, ă in windows-1250, г in windows-1251"),
    ],
)
def test_where_two_encodings_give_text_it_is_asked_and_the_answer_is_taken(file, language, encoding, doubt):
    path = file(register(NAMES[language]), encoding)
    with pytest.raises(InputError, match=doubt) as asked:
        texts(path)
    assert "text_encoding:" in str(asked.value)
    assert not any(word in str(asked.value) for name in NAMES[language] for word in name.split())
    assert [row[1] for row in texts(path, text_encoding=encoding)[1:]] == NAMES[language]


def test_no_name_is_ever_read_in_other_letters(file):
    """Few names, in any encoding that can hold them: the text itself, or a question."""
    told, draw = 0, random.Random(7)
    encodings = (
        "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 mac_roman iso8859_2 cp850 cp866 cp932 big5 cp949".split()
    )
    for _ in range(400):
        names = NAMES[draw.choice(list(NAMES))]
        text = register([draw.choice([str, str.upper])(draw.choice(names)) for _ in range(draw.randint(1, 3))])
        encoding = draw.choice(encodings)
        with suppress(UnicodeEncodeError, InputError):
            path = file(text, encoding)
            found = find_encoding(path)
            assert path.read_bytes().decode(found) == text, encoding
            told += 1
    assert told > 20


def test_the_encoding_named_is_for_files_that_do_not_tell_their_own(file):
    assert texts(file(register(["Zoë"])), text_encoding="shift_jis")[1][1] == "Zoë"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"id,mark\n1,P\n2,\x00\n3,A\n", "line 3: holds NUL bytes"),
        (b"id,mark\n1,P\n\xff\xfe,\x07\n", "line 3: holds control characters"),
        ("id,mark\n1,é\n".encode("utf-16")[:-1], "is no UTF-16 text"),
        (b"\xef\xbb\xbfid,mark\n1,\xe9\n", "line 2: is no UTF-8 text"),
        (b'id,mark\n1,P\n2,"A\n3,A\n', "line 3: the row that begins here cannot be read"),
    ],
)
def test_a_damaged_file_says_where(file, content, complaint):
    with pytest.raises(InputError, match=complaint):
        texts(file(content))


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_a_delimiter_is_told_from_all_rows_and_not_from_the_title(file, delimiter):
    rows = ["Register; of 7A, autumn", "id,name,hours,mark", "1,Ann,4,P", "2,Ben,5,A"]
    content = "\n".join([rows[0], *(row.replace(",", delimiter) for row in rows[1:])])
    assert texts(file(content))[2:] == [["1", "Ann", "4", "P"], ["2", "Ben", "5", "A"]]


def test_decimal_commas_and_names_with_commas_part_nothing(file):
    content = "id;name;hours\n1;Lovelace, Ada;12,5\n2;Byron, Ann;7,25\n"
    assert texts(file(content))[1] == ["1", "Lovelace, Ada", "12,5"]


def test_a_quoted_delimiter_is_no_evidence(file):
    content = 'id,note\n1,"a;b;c"\n2,"d;e;f"\n'
    assert texts(file(content))[1] == ["1", "a;b;c"]


def test_the_delimiter_stated_is_taken_and_its_line_is_no_row(file):
    assert texts(file("sep=;\r\nid;mark,more\r\n1;P,x\r\n")) == [["id", "mark,more"], ["1", "P,x"]]


def test_two_delimiters_of_equal_standing_are_asked_about(file):
    with pytest.raises(InputError, match="semicolon and comma part it into equally many columns"):
        texts(file("id;a,b\n1;P,P\n"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(file, end):
    assert texts(file(register(["Ann", "Ben"], end)))[2] == ["0001", "Ben", "2026-09-07", "P"]


def test_cells_of_several_lines_and_rows_of_any_length_stay_as_they_are(file):
    content = 'id,name\n1,"O\'Brien, Ann\nMarie"\n\n2\n3,Ben,note,=1+1\n'
    assert texts(file(content)) == [
        ["id", "name"],
        ["1", "O'Brien, Ann\nMarie"],
        [],
        ["2"],
        ["3", "Ben", "note", "=1+1"],
    ]


def test_a_file_of_one_column_has_no_delimiter(file):
    assert texts(file("name\nAnn\nBen\n")) == [["name"], ["Ann"], ["Ben"]]


def test_a_larger_file_than_permitted_is_refused_on_the_way(file):
    with pytest.raises(InputError, match=r"line 2: there are more cells than `largest_sheet_cells` \(5\)"):
        read_text_file("7A.csv", file("a,b,c\n1,2,3\n"), 5)
