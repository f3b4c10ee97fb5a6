"""Term codes tell the words of each sentence, as the analyser found them."""

from index.articles.term_codes import encode_terms, word_lengths
from index.language.analyser import Analyser

TITLE = "Hội nghị người cao tuổi xã Tam Lăng"
SENTENCES = ("Ông Nguyễn Văn Tèo chủ trì hội nghị.", "…", "Xã có 1.250 hộ dân")


def test_the_lengths_of_the_words_of_each_sentence_are_read_from_its_codes() -> None:
    analyser = Analyser()
    terms = [analyser.analyse(text) for text in (TITLE, *SENTENCES)]
    encoded = encode_terms(each.text for each in terms)
    found = [word_lengths(encoded, position) for position in range(len(terms))]
    assert found == [[word.count("_") + 1 for word in each.words] for each in terms]
    assert max(found[0]) > 1
    assert found[2] == []
