"""English questions: told from Vietnamese ones, and put into Vietnamese."""

import pytest
from babel import Locale

from index.language.data import rows
from index.language.english.glossary import names, words_and_phrases
from index.language.english.lemmas import lemmas
from index.language.english.questions import content_words, is_english, tokenize_english
from index.language.spelling import fold, has_diacritics, may_be_syllable, nfc, place_tones

LISTS = ("lexicon_en_vi.tsv", "names_en_vi.tsv")

ENGLISH = """
    who attended the conference?
    who attended
    When did Yen Bai lawyers meet?
    conference attendees
    What is the population of Hai Duong?
    who is nguyen thi kim ngan
    how many people died in the flood
    how old is the suspect
    where does To Lam come from
    when will the bridge open
    which bank cut interest rates
    why was the road closed
    who won gold in the marathon
    gold price today
    vaccine side effects
    Hai Duong lockdown
    hanoi weather forecast
    school closures
    ban on fishing
    song contest winner
    man arrested for theft
    land use fees in Long An
    prime minister's visit to Laos
    What did Ho Chi Minh say in 1945?
    Can Tho University rector
    did the storm hit Quang Binh
    is it safe to drink tap water in Da Lat
    do they have a plan for the dam
    list the members of the committee
    Tell me about the Can Tho bridge
    who's the chairman of Ha Nam province
    What's the cause of the fire in Binh Duong?
    didn't the court hear the case
    how tall is Fansipan
    how much did the Nguyen Van Linh road cost
    when was Napoleon born
    What is photosynthesis?
    Who discovered oxygen?
    define prime number
    capital of Mongolia
    treaty of versailles terms
    empire founded by Genghis Khan
    South Korea election
    US president visits Vietnam
    inflation rate last year
    GDP growth of Vietnam in 2020
    who scored for Ha Noi FC
    rice exports
    Which province has the most doctors?
    What time does the ceremony begin?
    COVID-19 deaths in Da Nang
    two killed in bus crash
    police seized drugs in Nghe An
    teachers' salaries
    Where was the fire in Thai Binh?
    In what year did the Nguyen dynasty fall?
    who is in charge of Ba Dinh district
    Who are the leaders of Yên Bái?
    what happened in hai phong
    Trump tariffs
    earthquake magnitude
    the company's revenue
""".strip().splitlines()

VIETNAMESE = """
    ai du hoi nghi
    song Hong o dau
    co may nguoi chet
    an toan giao thong
    cho vay
    ban do
    to chuc o dau
    do ai ky
    can bo
    me cong
    man hinh lon nhat the gioi
    man dien cua ca si
    nguoi dan an gi
    may bay roi o dau
    bao so 5 do bo vao dau
    hang khong tang gia ve
    the nao la an toan
    on dinh thi truong
    in sach o dau
    ban so huu bao nhieu dat
    don vi nao to chuc
    to cong tac gom nhung ai
    long dan
    long an co gi moi
    can tho mua lon
    ai la chu tich ha nam
    internet la gi
    vaccine covid tiem o dau
    gia vang hom nay
    facebook bi phat bao nhieu
    who noi gi ve covid
    doi nao vo dich champions league
    lich thi dau sea games
    ket qua premier league
    world cup to chuc o dau
    gia xe honda
    iphone moi gia bao nhieu
    tong thong my tham viet nam khi nao
    ong Trump noi gi
    Tesla ban bao nhieu xe
    hoa hau miss world la ai
    u23 viet nam da may tran
    ha noi co bao nhieu quan
    tai sao gia dien tang
    vi sao cau sap
    khi nao thong xe
    ten hung thu
    ban tin thoi tiet
    gia gas thang nay
    to lam la ai
    ho chi minh sinh nam nao
    thu tuong lam viec voi tinh nao
    an do va trung quoc
    so ca mac moi
    tau hang mac can
    cam do xe may
    ca si nao hat
    me va be
    hai duong
    Hà Nội
    Ai dự hội nghị?
    quyền lợi của khách hàng online
    video ca nhạc mới
""".strip().splitlines()


@pytest.mark.parametrize("question", [line.strip() for line in ENGLISH])
def test_an_english_question_is_taken_as_english(question: str) -> None:
    assert is_english(question)


@pytest.mark.parametrize("question", [line.strip() for line in VIETNAMESE])
def test_a_vietnamese_question_is_never_taken_as_english(question: str) -> None:
    assert not is_english(question)


def equivalents(question: str) -> dict[str, tuple[str, ...]]:
    return {word.text: word.equivalents for word in content_words(question)}


@pytest.mark.parametrize(
    ("question", "text", "first"),
    [
        ("Where did the festival take place?", "take place", "diễn ra"),
        ("It took place in Hue", "took place", "diễn ra"),
        ("meetings of prime ministers", "prime ministers", "thủ tướng"),
        ("chairman of the People’s Committee", "people committee", "ủy ban nhân dân"),
        ("Who is in charge of it?", "in charge of", "phụ trách"),
        ("the death toll of the storm", "death toll", "số người chết"),
        ("How old is he?", "how old", "tuổi"),
        ("the deputy prime minister's visit", "deputy prime minister", "phó thủ tướng"),
        ("vice-chairmen of the board", "vice chairmen", "phó chủ tịch"),
        ("their co-operation", "co operation", "hợp tác"),
        ("high school students", "high school", "trung học phổ thông"),
    ],
)
def test_a_phrase_is_found_as_one_word_in_any_of_its_forms(
    question: str, text: str, first: str
) -> None:
    assert equivalents(question)[text][0] == first


def test_the_longest_phrase_wins() -> None:
    assert list(equivalents("the ministry of education and training")) == [
        "ministry of education and training"
    ]


def test_a_phrase_does_not_reach_over_a_sign() -> None:
    assert "prime minister" not in equivalents("prime, minister")


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("took", "take"),
        ("children", "child"),
        ("criteria", "criterion"),
        ("policewomen", "policewoman"),
        ("classes", "class"),
        ("killings", "kill"),
        ("cities", "city"),
        ("tied", "tie"),
        ("dying", "die"),
        ("knives", "knife"),
        ("stopped", "stop"),
        ("travelling", "travel"),
        ("bigger", "big"),
        ("largest", "large"),
        ("earliest", "early"),
        ("best", "good"),
        ("winners", "win"),
        ("invaders", "invade"),
        ("organisers", "organize"),
        ("colour", "color"),
        ("defence", "defense"),
        ("theatre", "theater"),
        ("labourers", "laborer"),
        ("anaemia", "anemia"),
        ("possibly", "possible"),
        ("happily", "happy"),
        ("happiness", "happy"),
        ("appointment", "appoint"),
    ],
)
def test_a_form_leads_back_to_its_lemma(form: str, lemma: str) -> None:
    assert lemma in lemmas(form)


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("planes", "plane"),
        ("rated", "rate"),
        ("wines", "wine"),
        ("scared", "scare"),
        ("sites", "site"),
        ("hated", "hate"),
        ("caring", "care"),
        ("barred", "bar"),
        ("needed", "need"),
    ],
)
def test_a_form_is_not_taken_for_that_of_a_shorter_word(form: str, lemma: str) -> None:
    assert equivalents(form)[form] == equivalents(lemma)[lemma]


@pytest.mark.parametrize(
    ("question", "text", "first"),
    [
        ("elections in South Korea", "south korea", "Hàn Quốc"),
        ("when did the U.S. leave", "u s", "Mỹ"),
        ("troops of the US", "us", "Mỹ"),
        ("the Germans", "germans", "Đức"),
        ("visit to Beijing", "beijing", "Bắc Kinh"),
        ("born in May 1890", "in may", "tháng 5"),
        ("closed on Friday", "friday", "thứ sáu"),
        ("shops in Haiphong", "haiphong", "Hải Phòng"),
        ("shops in Ho Chi Minh City", "ho chi minh city", "TP.HCM"),
        ("farms of Long An", "long an", "Long An"),
        ("the army of Genghis Khan", "genghis khan", "Thành Cát Tư Hãn"),
        ("moons of Saturn", "saturn", "sao Thổ"),
        ("what did the WHO say", "who", "WHO"),
    ],
)
def test_a_name_is_found_in_vietnamese(question: str, text: str, first: str) -> None:
    assert equivalents(question)[text][0] == first


def test_a_word_that_is_a_name_only_with_a_capital_is_none_without() -> None:
    assert equivalents("may it tell us in what way he may march") == {
        "way": ("cách", "đường"),
        "march": equivalents("they march")["march"],
    }


def test_a_word_with_a_capital_may_be_a_name_all_the_same() -> None:
    assert equivalents("Who is Tim Cook?")["cook"][-1] == "cook"
    assert "cook" not in equivalents("who will cook?")["cook"]


def test_the_syllables_of_a_vietnamese_name_are_no_english_words() -> None:
    assert equivalents("What did To Lam and Ban Van Duc say?") == {
        "to": (),
        "lam": (),
        "ban": (),
        "van": (),
        "duc": (),
        "say": equivalents("they say")["say"],
    }


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("the 1990s", ("thập niên 1990", "những năm 1990", "thập niên 90", "những năm 90")),
        ("the 21st", ("21",)),
        ("the 19th century", ("thế kỷ 19", "thế kỷ XIX")),
        ("the nineteenth century", ("thế kỷ 19", "thế kỷ XIX")),
        ("3.2", ("3,2", "3.2")),
        ("1,200", ("1.200", "1,200")),
        ("in 2020", ()),
        ("99999th", ()),
    ],
)
def test_figures_are_written_as_in_vietnamese(question: str, expected: tuple[str, ...]) -> None:
    (word,) = content_words(question)
    assert word.equivalents == expected


def test_countries_have_the_names_that_unicode_gives_them() -> None:
    english, vietnamese = Locale("en").territories, Locale("vi").territories
    missing = {
        name: vietnamese[code]
        for code, name in english.items()
        if code in OF_NOTE and plain(vietnamese[code]) not in names_of(name)
    }
    assert not missing


OF_NOTE = """
    AE AF AM AR AT AU BD BE BG BR CA CH CL CN CO CU CY DE DK DZ EG ES FI FR GB GR HU ID IE IL IN
    IQ IR IS IT JP KE KH KP KR LA LB LT MA MM MN MX MY NG NL NO NP NZ PE PH PK PL PT RO RS RU SA SE
    SG SY TH TR TW UA UN US VA VE VN YE ZA 002 003 005 009 142 150
""".split()
"""Territories whose names come up in the news, by their codes of ISO 3166 and UN M49."""


def names_of(country: str) -> set[str]:
    (word,) = content_words(f"in {country.partition(' (')[0]}")
    return {plain(equivalent) for equivalent in word.equivalents} or {country.lower()}


def plain(name: str) -> str:
    return place_tones(nfc(name.partition(" (")[0])).lower()


@pytest.mark.parametrize("name", LISTS)
class TestEntries:
    def test_stand_once_and_in_order(self, name: str) -> None:
        entries = [entry.lower() for entry, _ in rows(name)]
        assert entries == sorted(set(entries))

    def test_have_up_to_five_different_equivalents(self, name: str) -> None:
        for entry, equivalents in rows(name):
            ways = equivalents.split("|")
            assert all(way and way == way.strip() for way in ways), entry
            assert len(set(ways)) == len(ways) <= 5, entry

    def test_are_spelled_as_articles_are_analysed(self, name: str) -> None:
        for entry, equivalents in rows(name):
            assert place_tones(nfc(equivalents)) == equivalents, entry

    def test_are_found_by_themselves(self, name: str) -> None:
        glossary = words_and_phrases() if name == LISTS[0] else names()
        for entry, equivalents in rows(name):
            words = [token.word for token in tokenize_english(entry)]
            found = glossary.longest(words)
            assert found, entry
            assert (found.length, "|".join(found.equivalents)) == (len(words), equivalents), entry


def test_the_vocabulary_is_that_of_a_newspaper() -> None:
    entries = [entry for entry, _ in rows("lexicon_en_vi.tsv")]
    assert len(entries) > 7_000
    assert sum(" " in entry for entry in entries) > 1_000


def test_every_marked_equivalent_is_vietnamese_or_a_loan() -> None:
    """A slip of the typing hand seldom leaves the letters of a syllable."""
    strange = {
        syllable
        for entry, equivalents in rows("lexicon_en_vi.tsv")
        for syllable in equivalents.replace("|", " ").replace("-", " ").split()
        if has_diacritics(syllable) and not may_be_syllable(fold(syllable))
    }
    assert {word for word in strange if word.islower()} <= LOANS


LOANS = frozenset(
    """
    anốt catốt glucozơ hiđrô iốt magiê milimét mácma nitơ nơron nơtron rađi vectơ ôxy ôxít ôzôn
    đioxit
    """.split()
)


def test_irregular_forms_lead_to_words_that_are_known() -> None:
    unknown = {
        lemma
        for form, lemma in rows("irregular_en.tsv")
        if not (words_and_phrases().longest([lemma]) or words_and_phrases().longest([form]))
    }
    assert not unknown
