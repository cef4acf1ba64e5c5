"""The encoding of a text file: told from the file itself, or asked for. Never guessed.

A detector such as charset-normalizer names the likeliest encoding; here that is not enough: it reads the "è" of a
French register as "č". An old encoding is taken only where every other one that spreadsheet programs write would give
no text, or the same text.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise, zip_longest
from pathlib import Path

from student_track.errors import InputError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is the start of this one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = tuple(
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 mac_roman mac_latin2 mac_cyrillic mac_greek"
    " mac_turkish mac_iceland iso8859_2 iso8859_5 iso8859_7 iso8859_9 iso8859_15 koi8_r koi8_u"
    " cp437 cp850 cp852 cp866 cp932 gb18030 big5 cp949 euc_jp".split()
)
"""What spreadsheet programs have written, on any system and in any country; the first of equals is named."""
PLAIN_NAMES = {"utf_8": "UTF-8", "utf_8_sig": "UTF-8", "mac_roman": "Mac Roman", "cp932": "Shift_JIS"} | {
    f"cp{page}": f"windows-{page}" for page in range(1250, 1259)
}

IN_COMMON_USE = {"cp932": "shift_jis", "gb18030": "gb2312", "cp949": "euc_kr"}
"""The encoding without its extensions: their rare signs are what a text in another encoding looks like."""
JAPANESE = dict.fromkeys(("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"), "JAPANESE")

PIECE = 1 << 20
BETWEEN_WORDS = re.compile(rb"[\x00-\x3f]+")
"""None of these is the second byte of a sign in an Asian encoding."""
CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ACCENTS_IN_A_ROW = re.compile("[À-ɏ]{4}")
"""Four accented Latin letters: another alphabet, read as Western."""
LETTERS_OF_NO_NAME = "ƒªºˆ˜"
"""Letters by Unicode's classes."""
PREFIX_OF_A_NAME = re.compile("^(Ma?c|D[eiu]|L[aei]|Fitz)")
"""A capital may follow it."""
APOSTROPHE = "’"
AFTER_A_LETTER = f"°ºª™®©{APOSTROPHE}"
"""As in N°; another sign right beside a letter comes of the wrong encoding."""


def find_encoding(path: Path, named: str = "") -> str:
    """Return the codec that reads the whole file: by its mark, else UTF-8, UTF-16, else the one named or told.

    ``named``, a codec, is for files that are neither UTF-8 nor UTF-16. Raises InputError, with file and line, where the
    file is damaged or the encoding cannot be told.
    """
    with path.open("rb") as file:
        start = file.read(PIECE)
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if start.startswith(mark)), None)
    if encoding is None and b"\x00" in start:
        encoding = _utf16_by_its_nulls(path, start)
    if encoding is not None:
        _refuse_undecodable(path, encoding)
        return encoding
    if _is_decodable(path, "utf-8"):
        _refuse_nulls(path)
        return "utf-8"
    if named:
        _refuse_undecodable(path, named)
        return named
    return _legacy_encoding(path)


def plain_name(encoding: str) -> str:
    """Return the name of a codec as people and settings write it."""
    codec = codecs.lookup(encoding).name.replace("-", "_")
    return PLAIN_NAMES.get(codec, codec.replace("_", "-").upper())


def _utf16_by_its_nulls(path: Path, start: bytes) -> str:
    """Digits, commas and line ends are half NUL in UTF-16, and always the same half."""
    whole = start[: len(start) // 2 * 2]
    count_first, count_second = whole[0::2].count(0), whole[1::2].count(0)
    enough = max(2, len(whole) // 2 * 0.2)
    if min(count_first, count_second) == 0 and max(count_first, count_second) >= enough:
        return "utf-16-le" if count_second else "utf-16-be"
    raise InputError(_damaged(path, _line_of(path, start.index(b"\x00"))))


def _refuse_nulls(path: Path) -> None:
    offset = 0
    for piece in _pieces(path):
        if b"\x00" in piece:
            raise InputError(_damaged(path, _line_of(path, offset + piece.index(b"\x00"))))
        offset += len(piece)


def _damaged(path: Path, line: int) -> str:
    return f"{path}, line {line}: holds NUL bytes, as a damaged file does. Save the sheet anew as CSV UTF-8."


def _refuse_undecodable(path: Path, encoding: str) -> None:
    strict = "utf-8" if encoding == "utf-8-sig" else encoding
    if _is_decodable(path, strict):
        return
    try:
        path.read_bytes().decode(strict)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}, line {_line_of(path, error.start, strict)}: is no {plain_name(encoding)} text, which the file "
            "or `text_encoding` says it is. Save the sheet anew as CSV UTF-8, or correct the setting."
        ) from None


def _is_decodable(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in _pieces(path):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _line_of(path: Path, offset: int, encoding: str = "utf-8") -> int:
    with path.open("rb") as file:
        before = file.read(offset)
    text = before.decode(encoding, "ignore")
    return text.count("\n") + text.count("\r") - text.count("\r\n") + 1


def _legacy_encoding(path: Path) -> str:
    """The one encoding in which the file is text, or the first of several that give the same text."""
    lines = _lines_of_words(path)
    readings: dict[tuple[str, ...], str] = {}
    for encoding in LEGACY:
        words = _words_in(encoding, lines)
        if words is not None:
            readings.setdefault(words, encoding)
    if len(readings) != 1:
        raise InputError(_question(path, list(lines.values()), readings))
    return next(iter(readings.values()))


def _lines_of_words(path: Path) -> dict[bytes, int]:
    """Every different word that is not ASCII, with the line of its first place."""
    lines: dict[bytes, int] = {}
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if CONTROLS.search(line):
                raise InputError(f"{path}, line {number}: holds control characters. Save the sheet anew as CSV UTF-8.")
            if not line.isascii():
                for word in BETWEEN_WORDS.split(line):
                    if not word.isascii():
                        lines.setdefault(word, number)
    return lines


def _words_in(encoding: str, words: Iterable[bytes]) -> tuple[str, ...] | None:
    """The words in an encoding; None where one of them is no word in it."""
    found = []
    for word in words:
        try:
            text = word.decode(IN_COMMON_USE.get(encoding, encoding))
        except UnicodeDecodeError:
            return None
        if not _is_plausible(text):
            return None
        found.append(text)
    return tuple(found)


def _is_plausible(word: str) -> bool:
    """Whether a word could stand in a sheet: one script, no small letter before a capital, no sign among letters."""
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cn", "Co") for sign in word) or ACCENTS_IN_A_ROW.search(word):
        return False
    rest = PREFIX_OF_A_NAME.sub("", word)
    return len(_scripts(word)) <= 1 and all(_go_together(*pair) for pair in pairwise(rest))


def _go_together(sign: str, following: str) -> bool:
    if (sign.isascii() and following.isascii()) or any(_is_wide(one) for one in (sign, following)):
        return True
    if _is_letter(sign) and _is_letter(following):
        return not (sign.islower() and following.isupper())
    if _is_letter(sign):
        return following.isascii() or following in AFTER_A_LETTER
    return sign.isascii() or sign == APOSTROPHE or not _is_letter(following)


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" and sign not in LETTERS_OF_NO_NAME


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in ("W", "F")


def _scripts(word: str) -> set[str]:
    """Scripts of a word's letters. Japanese mixes its own, and a wide script takes capitals, as in A組."""
    is_wide = any(map(_is_wide, word))
    letters = [sign for sign in word if _is_letter(sign) and not (is_wide and sign.isascii() and sign.isupper())]
    names = {unicodedata.name(sign, "?").split()[0] for sign in letters}
    return {JAPANESE.get(name, name) for name in names - {"COMBINING"}}


def _question(path: Path, lines: list[int], readings: dict[tuple[str, ...], str]) -> str:
    """What to ask; of the text only the one sign is shown that the encodings disagree about."""
    where, doubt, example = lines[0], "no encoding known fits it", "windows-1252"
    if readings:
        doubtful = next(place for place, words in enumerate(zip(*readings, strict=True)) if len(set(words)) > 1)
        where, example = lines[doubtful], plain_name(next(iter(readings.values())))
        signs = _first_difference({name: words[doubtful] for words, name in readings.items()})
        shown = [f"{sign} in {plain_name(name)}" for sign, name in list(signs.items())[:3]]
        doubt = f"its encoding cannot be told: one sign would be {', '.join(shown)}"
    return (
        f"{path}, line {where}: is not UTF-8 text, and {doubt}. Save it as `CSV UTF-8`, or name the encoding "
        f'in the settings, for example `text_encoding: "{example}"`.'
    )


def _first_difference(words: dict[str, str]) -> dict[str, str]:
    """The signs at the first place where the words of the encodings are not all equal, each with its first encoding."""
    columns = zip_longest(*words.values(), fillvalue="nothing")
    signs = next(column for column in columns if len(set(column)) > 1)
    found: dict[str, str] = {}
    for name, sign in zip(words, signs, strict=True):
        found.setdefault(sign, name)
    return found
