"""Settings from a file and the environment."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.settings import (
    Following,
    Reranker,
    Settings,
    SettingsError,
    Webhook,
    file_with_secret,
    load,
)
from index.engine.opensearch import ClusterAddress
from index.search.reranker import RerankServer
from tests.support.paths import ROOT

TOKEN = "123456789:AAsecretsecretsecretsecretsecretsec"
EXAMPLE = ROOT / "config.example.toml"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str) -> Path:
    path = Path("config.toml")
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold() -> None:
    settings = load()
    assert (settings.token, settings.data, settings.quotes) == (None, Path("data"), 3)


def test_config_toml_is_read_when_it_is_there() -> None:
    write('data = "tin"\n[webhook]\nurl = "https://bot.example.vn/x"\nsecret = "abc_-9"')
    settings = load()
    assert settings.data == Path("tin")
    assert settings.webhook is not None
    assert (settings.webhook.port, str(settings.webhook.url)) == (8443, "https://bot.example.vn/x")


@pytest.mark.parametrize(
    "text",
    [
        "[webhook]\nurl = 'http://127.0.0.1:8443/x'",
        "[webhook]\nurl = 'http://[::1]:8443/x'",
        "api_url = 'http://bot-api:8081'\n[webhook]\nurl = 'http://bot:8443/x'",
    ],
)
def test_a_webhook_on_this_machine_or_of_another_bot_api_may_be_of_http(text: str) -> None:
    write(text)
    webhook = load().webhook
    assert webhook is not None
    assert webhook.url.scheme == "http"


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write("quotes = 2\nquestions_per_minute = 5")
    monkeypatch.setenv("HOIBAO_QUOTES", "4")
    monkeypatch.setenv("HOIBAO_WEBHOOK__URL", "https://bot.example.vn/y")
    settings = load()
    assert (settings.quotes, settings.questions_per_minute) == (4, 5)
    assert settings.webhook is not None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tokne = 'x'", ["config.toml", "'tokne' (did you mean token?)", "config.example.toml"]),
        ("[following]\nfailure = 3", ["'following.failure' (did you mean failures?)"]),
        ("[webhook]\nurl = 'x'", ["webhook.url: an address such as https://"]),
        ("[webhook]\nurl = 'http://x'", ["config.toml: webhook: its url", "begin with https://"]),
        ("paid_broadcast = 'perhaps'", ["paid_broadcast: true or false is expected"]),
        ("[[sources]]\nfolder = 'x'\nkind = 'rss'", ["sources, the 1st: kind: 'feed', "]),
        ("quotes = 'many'", ["config.toml", "quotes: a whole number is expected"]),
        ("quotes = 9", ["config.toml", "quotes", "5"]),
        ("quotes = = 3", ["config.toml", "TOML", "line 1"]),
        ("quotes = true", ["config.toml", "quotes", "whole number"]),
        ("webhook = 'https://x.vn/'", ["config.toml", "expected a table: [webhook] with url"]),
        ("[webhook]\nurl = 'https://x.vn/'\nsecret = ''", ["webhook.secret", "letters"]),
        ("[webhook]\nurl = 'https://x.vn/'\nport = true", ["webhook.port", "whole number"]),
        ("[webhook]\nport = 80", ["config.toml", "webhook.url: it is missing"]),
        ("[webhook]\nurl = 'https://x.vn/'\nsecret = 'không'", ["webhook.secret", "letters"]),
        ("sources = ['x']", ["sources", "[[sources]]", "url"]),
        ("log_level = 'LOUD'", ["log_level", "DEBUG"]),
        ("admins = 1001", ["config.toml", "admins", "a list of telegram user ids"]),
        ("admins = ['Lan']", ["config.toml: admins, the 1st: a whole number is expected"]),
        ("admins = [1, 2, 'Lan']", ["config.toml: admins, the 3rd: a whole number is expected"]),
        (f"admins = {[*range(1, 12), 'Lan']}", ["config.toml: admins, the 12th: a whole"]),
        ("roles = ['bot', 'cook']", ["config.toml: roles, the 2nd: 'bot', "]),
        ("[[sources]]\nurl = 'bao'", ["config.toml: sources, the 1st: url: an address such as"]),
        ("[[sources]]\nfeed = 'x'", ["no setting 'sources, the 1st: feed'"]),
        ("admins = [true]", ["admins", "whole number"]),
        ("admins = [-100123]", ["admins", "a number from 1 is expected"]),
        ("following = 10", ["expected a table: [following] with failures"]),
        ("[following]\nfailures = 0", ["following.failures: a number from 1 is expected"]),
        ("[following]\nevery = 5", ["following.every", "no setting"]),
        ("reranker = 'http://x.vn/'", ["expected a table: [reranker] with url, token, model"]),
        ("[reranker]\nmodel = 'm'", ["reranker.url: it is missing"]),
        ("engine = 'lucene'", ["engine: 'tantivy' or 'opensearch' is expected"]),
        ("[opensearch]\nuser = 'm'", ["opensearch.urls: it is missing"]),
        ("[opensearch]\nurls = ['http://u:p@x.vn/']", ["opensearch.urls", "without user name"]),
        (
            "[opensearch]\nurls = ['http://x.vn/']\nprefix = 'Tin'",
            ["opensearch.prefix", "small letters"],
        ),
        ("[reranker]\nurl = 'x.vn'", ["reranker.url: an address such as https://"]),
        ("[reranker]\nurl = 'http://u:p@x.vn/'", ["reranker.url", "without user name"]),
        ("[reranker]\nurl = 'http://x.vn/'\ntoken = 'a b'", ["reranker.token", "without spaces"]),
        ("[reranker]\nurl = 'http://x.vn/'\ntimeout_seconds = 0", ["timeout_seconds", "from 1"]),
        ("[reranker]\nurl = 'http://x.vn/'\ncandidates = 201", ["candidates", "up to 200"]),
        ("[reranker]\nurl = 'http://x.vn/'\nmodle = 'm'", ["'reranker.modle' (did you mean model"]),
        ("metrics = true", ["expected a table: [metrics] with listen"]),
        ("[metrics]\nport = 9464", ["'metrics.port'", "no setting"]),
        ("[metrics]\nlisten = 9464", ["metrics.listen: a text in quotation marks"]),
        ("[metrics]\nlisten = '9464'", ["metrics.listen: a host and a port are expected"]),
        ("[metrics]\nlisten = ':9464'", ["metrics.listen: a host and a port are expected"]),
        ("[metrics]\nlisten = '127.0.0.1:0'", ["metrics.listen: a host and a port"]),
        ("[metrics]\nlisten = '127.0.0.1:70000'", ["metrics.listen: a host and a port"]),
        ("[metrics]\nlisten = '::1:9464'", ["metrics.listen: a host and a port"]),
        (
            "[following]\nshortest_minutes = 90\nlongest_hours = 1",
            ["following", "shortest_minutes must not exceed longest_hours"],
        ),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it(text: str, words: list[str]) -> None:
    write(text)
    with pytest.raises(SettingsError) as caught:
        load()
    message = str(caught.value)
    assert "\n" not in message
    assert not [word for word in words if word.lower() not in message.lower()]


@pytest.mark.parametrize("value", ["[1001, 1002]", "1001,1002", " 1001 , 1002 ", "[1001,1002,]"])
def test_admins_in_the_environment_are_a_list_in_brackets_or_without(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HOIBAO_ADMINS", value)
    assert load().admins == (1001, 1002)


@pytest.mark.parametrize("value", ["Lan", "1001;1002", '["1001"]', "-5", "true"])
def test_admins_that_are_no_ids_are_named_with_their_variable(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("HOIBAO_ADMINS", value)
    with pytest.raises(SettingsError, match=r"^HOIBAO_ADMINS: admins"):
        load()


def test_a_wrong_variable_within_a_table_that_the_file_has_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write("[following]\nfailures = 5")
    monkeypatch.setenv("HOIBAO_FOLLOWING__LONGEST_HOURS", "12")
    following = load().following
    assert (following.failures, following.longest_hours) == (5, 12)
    monkeypatch.setenv("HOIBAO_FOLLOWING__LONGEST_HOURS", "long")
    with pytest.raises(SettingsError, match=r"^HOIBAO_FOLLOWING__LONGEST_HOURS: "):
        load()


def test_a_wrong_variable_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOIBAO_QUOTES", "none")
    with pytest.raises(SettingsError, match="HOIBAO_QUOTES"):
        load()


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOIBAO_TOKEN", "")
    monkeypatch.setenv("HOIBAO_DATA", "")
    monkeypatch.setenv("HOIBAO_WEBHOOK__SECRET", "")
    settings = load()
    assert (settings.token, settings.data, settings.webhook) == (None, Path("data"), None)
    assert "data" not in settings.model_fields_set


def test_unknown_variables_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOIBAO_TOKNE", "secret")
    monkeypatch.setenv("hoibao_webhook__path", "secret")
    with pytest.raises(SettingsError) as caught:
        load()
    named = "HOIBAO_TOKNE, hoibao_webhook__path (did you mean HOIBAO_TOKEN?)"
    assert named in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_table_in_one_variable_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOIBAO_WEBHOOK", "https://x.vn/")
    with pytest.raises(SettingsError, match=r"HOIBAO_WEBHOOK: .*expected a table"):
        load()


def test_a_list_of_tables_in_a_variable_that_is_not_json_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOIBAO_SOURCES", "https://bao.example.vn")
    with pytest.raises(SettingsError, match=r"^HOIBAO_SOURCES: JSON is expected; see [^\n]*$"):
        load()
    monkeypatch.setenv("HOIBAO_SOURCES", '[{"url": "bao"}]')
    with pytest.raises(SettingsError, match=r"^HOIBAO_SOURCES: sources, the 1st: url: [^\n]*$"):
        load()


def test_a_named_file_has_to_be_there() -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load(Path("nowhere.toml"))


def test_a_file_in_another_encoding_is_to_be_saved_as_utf_8() -> None:
    Path("config.toml").write_text("contact = 'Tòa soạn'", encoding="utf-16")
    with pytest.raises(SettingsError, match=r"^config config\.toml: .*; save it as UTF-8$"):
        load()


def test_secrets_are_in_no_representation_and_no_error() -> None:
    write(f'token = "{TOKEN}"\ndatabase = "postgresql://u:{TOKEN}@h/d"\nquotes = "{TOKEN}"')
    with pytest.raises(SettingsError) as caught:
        load()
    assert TOKEN not in str(caught.value)
    write(f'token = "{TOKEN}"')
    assert TOKEN not in repr(load())


def test_the_reranker_becomes_a_server_and_its_token_a_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write('[reranker]\nurl = "http://model.example:8080/rerank"\ncandidates = 8')
    assert file_with_secret() is None
    monkeypatch.setenv("HOIBAO_RERANKER__TOKEN", TOKEN)
    monkeypatch.setenv("HOIBAO_RERANKER__MODEL", "viranker")
    settings = load()
    assert settings.reranker
    assert settings.reranker.server == RerankServer(
        "http://model.example:8080/rerank", TOKEN, "viranker", timeout=2, candidates=8
    )
    assert settings.secrets == (TOKEN,)
    assert TOKEN not in repr(settings)
    write(f'[reranker]\nurl = "http://model.example/"\ntoken = "{TOKEN}"')
    assert file_with_secret() is not None


@pytest.mark.parametrize(
    ("listen", "host", "port"),
    [
        ("127.0.0.1:9464", "127.0.0.1", 9464),
        ("[::1]:80", "::1", 80),
        ("metrics.example:65535", "metrics.example", 65535),
    ],
)
def test_metrics_are_off_until_an_address_is_set(
    monkeypatch: pytest.MonkeyPatch, listen: str, host: str, port: int
) -> None:
    assert load().metrics is None
    monkeypatch.setenv("HOIBAO_METRICS__LISTEN", listen)
    metrics = load().metrics
    assert metrics is not None
    assert (metrics.host, metrics.port) == (host, port)


def test_the_table_of_metrics_alone_turns_them_on_at_loopback() -> None:
    write("[metrics]")
    metrics = load().metrics
    assert metrics is not None
    assert (metrics.host, metrics.port) == ("127.0.0.1", 9464)


def test_the_cluster_is_set_in_the_environment_and_its_password_is_a_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert load().cluster is None
    monkeypatch.setenv("HOIBAO_ENGINE", "opensearch")
    with pytest.raises(SettingsError, match=r"urls is missing under \[opensearch\]"):
        _ = load().cluster
    urls = '["https://search1.example:9200", "https://search2.example:9200/"]'
    monkeypatch.setenv("HOIBAO_OPENSEARCH__URLS", urls)
    monkeypatch.setenv("HOIBAO_OPENSEARCH__USER", "hoibao")
    monkeypatch.setenv("HOIBAO_OPENSEARCH__PASSWORD", TOKEN)
    monkeypatch.setenv("HOIBAO_OPENSEARCH__SHARDS", "3")
    settings = load()
    assert settings.cluster == ClusterAddress(
        ("https://search1.example:9200", "https://search2.example:9200"),
        user="hoibao",
        password=TOKEN,
        shards=3,
    )
    assert settings.secrets == (TOKEN,)
    assert TOKEN not in f"{settings!r} {settings.cluster!r}"
    write(f'[opensearch]\nurls = ["https://search.example/"]\npassword = "{TOKEN}"')
    assert file_with_secret() is not None


def test_the_example_shows_every_setting_with_its_default() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = Settings(**tomllib.loads(text))
    assert shown == Settings()
    for name in Settings.model_fields:
        assert re.search(rf"^(?:# )?\[*{name}\b", text, re.MULTILINE), name
    for name in Webhook.model_fields:
        assert re.search(rf"^# {name} = ", text, re.MULTILINE), name
    for name, field in Following.model_fields.items():
        assert re.search(rf"^# {name} = {field.default}\b", text, re.MULTILINE), name
    for name, field in Reranker.model_fields.items():
        value = rf"{field.default}\b" if isinstance(field.default, int) else ""
        assert re.search(rf"^# {name} = {value}", text, re.MULTILINE), name
