import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.articles.urls import normalize_url, registered_domain

KNOWN = "https://baothu.example/xa-hoi/lu-quet-123.html"


@pytest.mark.parametrize(
    "url",
    [
        KNOWN,
        " http://baothu.example/xa-hoi/lu-quet-123.html\n",
        "HTTPS://WWW.BaoThu.Example:443/xa-hoi/lu-quet-123.html",
        "http://baothu.example:80/xa-hoi/lu-quet-123.html#binh-luan",
        "https://m.baothu.example/xa-hoi/lu-quet-123.html",
        "https://amp.baothu.example./xa-hoi/lu-quet-123.html",
        "https://baothu.example/amp/xa-hoi/lu-quet-123.html",
        "https://baothu.example/xa-hoi/lu-quet-123.amp.html",
        "https://baothu.example/xa-hoi/lu-quet-123.html/amp",
        "https://baothu.example/xa-hoi/lu-quet-123.html/amp/?amp=1",
        "https://baothu.example//xa-hoi/./a/../lu-quet-123.html",
        "https://baothu.example/xa%2Dhoi/lu%2dquet-123.html?",
        "https://baothu.example/xa-hoi/lu-quet-123.html;jsessionid=5F",
        "https://user:pw@baothu.example/xa-hoi/lu-quet-123.html",
        KNOWN + "?utm_source=rss&utm_medium=feed&UTM_Campaign=x",
        KNOWN + "?fbclid=1&gclid=2&zarsrc=30&zalo=1&_ga=2.1&ref=home&&vn_source=x",
        KNOWN + "?outputType=amp",
    ],
)
def test_spellings_of_one_address_are_one(url: str) -> None:
    assert normalize_url(url) == KNOWN


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://baothu.example", "https://baothu.example/"),
        ("https://baothu.example/index.php", "https://baothu.example/"),
        ("https://baothu.example/tin/Default.aspx", "https://baothu.example/tin"),
        ("https://baothu.example/tin/index.html?id=5", "https://baothu.example/tin?id=5"),
        ("https://baothu.example/tin/", "https://baothu.example/tin"),
        ("https://baothu.example:8080/tin", "https://baothu.example:8080/tin"),
        ("https://baothu.example/?b=2&a=1&b=3", "https://baothu.example/?b=2&a=1&b=3"),
        ("https://baothu.example/tin?reference=5", "https://baothu.example/tin?reference=5"),
        ("https://baothu.example/lũ", "https://baothu.example/l%C5%A9"),
        ("https://baothu.example/l%c5%a9 lụt", "https://baothu.example/l%C5%A9%20l%E1%BB%A5t"),
        ("https://baothu.example/100%", "https://baothu.example/100%25"),
        ("https://baothu.example/a%2fb?q=a%26b", "https://baothu.example/a%2Fb?q=a%26b"),
        ("https://báo.example/", "https://xn--bo-mia.example/"),
        ("https://xn--bo-mia.example/", "https://xn--bo-mia.example/"),
        ("https://m.vn/tin", "https://m.vn/tin"),
        ("https://m.com.vn/tin", "https://m.com.vn/tin"),
        ("https://mobile.m.baothu.com.vn/tin", "https://baothu.com.vn/tin"),
        ("https://example.vn/amp", "https://example.vn/"),
        ("https://example.vn/lamp", "https://example.vn/lamp"),
        ("http://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        ("http://10.0.0.1/a", "https://10.0.0.1/a"),
    ],
)
def test_an_address_takes_its_known_form(url: str, known: str) -> None:
    assert normalize_url(url) == known


@pytest.mark.parametrize(
    "text",
    [
        *("", "tin tức", "mailto:a@b.example", "https://", "http://[x", "https://a b/"),
        pytest.param(f"https://a.vn{'/amp' * 500}", id="nested path"),
        pytest.param(f"https://{'m.' * 900}a.vn/", id="long host"),
    ],
)
def test_what_is_no_address_stays(text: str) -> None:
    assert normalize_url(f" {text} ") == text


PIECES = st.sampled_from(
    [
        *"http https :// www. m. amp. a b.vn com.vn :80 :443 :x / // . .. /index.html".split(),
        *"/amp .amp .html %2E %2f %41 %25 % ? & = # utm_source=1 amp=1 ref ; ;sid=1".split(),
        *"@ [::1] báo ß İ \\ + ~ %zz".split(),
        *(" ", "\t", "\x85", "\ud800"),
    ]
)


@given(
    st.one_of(
        st.text(),
        st.lists(PIECES).map("".join),
        st.lists(PIECES).map(lambda pieces: "https://a.vn/" + "".join(pieces)),
    )
)
@example("http://a.vn/amp/amp/index.html/")
@example("https://m.www.amp.a.vn/%2e%2E/%61mp")
@example("http://a.vn/?%75tm_source=1")
def test_a_known_form_is_its_own_known_form(url: str) -> None:
    once = normalize_url(url)
    assert normalize_url(once) == once


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://thethao.baothu.example/a", "baothu.example"),
        ("http://www.tin.baothu.com.vn/", "baothu.com.vn"),
        ("https://baothu.vn", "baothu.vn"),
        ("https://bacgiang.gov.vn", "bacgiang.gov.vn"),
        ("http://127.0.0.1:8080/", "127.0.0.1"),
        ("http://localhost/", "localhost"),
        ("nothing", None),
    ],
)
def test_hosts_of_one_site_have_its_name_in_common(url: str, site: str | None) -> None:
    assert registered_domain(url) == site
