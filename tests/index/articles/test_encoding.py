import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles.readers.encoding import decode
from index.errors import InputError

SENTENCE = (
    "Hội nghị giao ban Bộ Công an và Bộ Quốc phòng về thực hiện Nghị định số 03 của Chính phủ"
)
TCVN3 = "Héi nghÞ giao ban Bé C«ng an vµ Bé Quèc phßng vÒ thùc hiÖn NghÞ ®Þnh sè 03 cña ChÝnh phñ"
VNI = "Hoäi nghò giao ban Boä Coâng an vaø Boä Quoác phoøng veà thöïc hieän Nghò ñònh soá 03"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def windows_1258(text: str) -> bytes:
    """Write each letter as its base and a combining tone, as Windows did."""
    written = ""
    for char in text:
        parts = unicodedata.normalize("NFD", char)
        tones = "".join(part for part in parts if part in TONES)
        base = "".join(part for part in parts if part not in TONES)
        written += unicodedata.normalize("NFC", base) + tones
    return written.encode("cp1258")


@pytest.mark.parametrize(
    "data",
    [
        SENTENCE.encode(),
        SENTENCE.encode("utf-8-sig"),
        SENTENCE.encode("utf-16"),
        b"\xfe\xff" + SENTENCE.encode("utf-16-be"),
        SENTENCE.encode("utf-32"),
        unicodedata.normalize("NFD", SENTENCE).encode(),
        windows_1258(SENTENCE),
    ],
)
def test_text_in_any_known_encoding_becomes_the_same_nfc(data: bytes) -> None:
    assert decode(data) == SENTENCE


def test_a_declared_charset_is_honoured_where_it_reads_as_vietnamese() -> None:
    data = SENTENCE.encode("utf-16-le")
    assert decode(data, "utf-16le") == SENTENCE
    with pytest.raises(InputError, match="binary"):
        decode(data)


@pytest.mark.parametrize(
    "declared", ["iso-8859-1", "windows-1252", "no-such", "punycode", "hex", ""]
)
def test_a_wrong_declared_charset_does_no_harm(declared: str) -> None:
    assert decode(SENTENCE.encode(), declared) == SENTENCE
    assert decode(windows_1258(SENTENCE), declared) == SENTENCE


@pytest.mark.parametrize("data", [TCVN3.encode(), TCVN3.encode("latin-1"), TCVN3[:28].encode()])
def test_tcvn3_is_rejected_by_name(data: bytes) -> None:
    with pytest.raises(
        InputError, match=r"TCVN3 \(ABC\), an old font encoding; convert it to Unic"
    ):
        decode(data)


def test_vni_is_rejected_by_name() -> None:
    with pytest.raises(InputError, match="VNI, an old font encoding"):
        decode(VNI.encode())


@pytest.mark.parametrize(
    "text",
    [
        "L'été dernier, à Paris, où je suis né, le thé était très bon, là-bas, déjà.",
        "« Être ou ne pas être », a-t-il répété à la fenêtre. Né à Sète, élevé à Bâle.",
        "The café’s résumé — naïve façade, “déjà vu”, £5 and ©2024 Zoë’s coöperative",
        "Não é só isso, a situação é má e também há razões",
        "Größer für Österreich: schön über Jürgen, né Müller",
        "Él está más allá, sí, según José y María: ¿qué pasó? ¡Adiós!",
        "Signs alone are no words: 5 · 3 · 2 · 1 ® © « »",
        "Plain English without a single mark.",
    ],
)
def test_other_languages_are_not_taken_for_an_old_font_encoding(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"abc\0def", "binary"),
        (b"abc\x01\x02\x03" * 9, "binary"),
        (b"\xff\xfea", "damaged"),
        (b"caf\xe9 \xe0 l'\xe9t\xe9, fen\xeatre", "not known"),
    ],
)
def test_what_is_not_text_is_rejected_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        decode(data)


def test_stray_control_characters_are_dropped_and_line_ends_kept() -> None:
    assert decode("một\x0bhai\r\n\tba\x7f\u0085".encode()) == "mộthai\r\n\tba"


def test_a_page_cut_within_its_last_letter_is_still_read() -> None:
    assert decode((SENTENCE * 20).encode() + "ộ".encode()[:1]).startswith(SENTENCE)


@pytest.mark.parametrize("times", [1, 30])
def test_letters_cut_in_the_middle_leave_the_rest_as_it_is(times: int) -> None:
    cut = "Há».g lớn ở Quảng Nam".encode().replace("»".encode(), "ộ".encode()[:2])
    text = decode(b"\n".join([cut] * times), "windows-1252")
    assert text == "\n".join(["Há\ufffd.g lớn ở Quảng Nam"] * times)


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8")))
def test_any_bytes_become_clean_nfc_or_an_input_error(data: bytes) -> None:
    try:
        text = decode(data)
    except InputError:
        return
    assert unicodedata.is_normalized("NFC", text)
    assert not any(unicodedata.category(char) == "Cc" and char not in "\t\n\r" for char in text)


def test_utf8_that_was_encoded_twice_is_repaired() -> None:
    text = "Làng Chuông nhận làm 500 nón quai thao, “mỗi nón” mất hai ngày công – giá 450.000 đồng."
    twice = "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("utf-8")
    )
    assert decode(twice.encode("utf-8")) == text


@pytest.mark.parametrize("text", ["«Cá» và «Má», ông Á nói: “à”…", "Â, Ã và á là ba chữ", "ÃÂÁ"])
def test_text_that_was_encoded_once_is_left_as_it_is(text: str) -> None:
    assert decode(text.encode("utf-8")) == text
