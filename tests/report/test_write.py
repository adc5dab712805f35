import html.parser
import json
import re

import numpy as np
import pytest

from mmfusion import report, training
from mmfusion.errors import ArgumentError
from mmfusion.explain import check_metrics, evaluate, worth
from tests.explain.splits import vector_model, vectors

NASTY = ["<script>alert(1)</script>", 'a "quoted" & long name'] + [""]
RULES = training.Rules(
    epochs=3,
    optimizer={"name": "adam", "learning_rate": 0.02},
    xla="off",
)


class _Page(html.parser.HTMLParser):
    """All tags, attributes and texts; complains about what is not closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open = set(), [], []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, name, attributes):
        self.tags.add(name)
        self.attributes += attributes
        if name not in ("meta", "br"):
            self.open.append(name)

    def handle_endtag(self, name):
        assert self.open.pop() == name


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "new" / "folder"
    data = vectors(optional=("a", "b"), classes=NASTY)
    model = vector_model(optional=("a", "b"), classes=NASTY)
    outcome = training.fit(model, data, RULES)
    found = worth(model, data, RULES, outcome=outcome)
    path = report.write(
        folder, model, data.test, outcome, found, title="<Title> & more"
    )
    return path, found


def test_the_page_is_whole_and_asks_for_nothing(written):
    path, _ = written
    text = path.read_text(encoding="utf-8")
    page = _Page(text)
    assert not page.tags & {"script", "link", "img", "iframe", "object"}
    names = {name for name, _ in page.attributes}
    assert not names & {"src", "href"} and not any(
        name.startswith("on") for name in names
    )
    assert not re.search(r"https?://|@import|url\(", text)
    assert "default-src &#x27;none&#x27;" in text


def test_everything_is_escaped(written):
    text = written[0].read_text(encoding="utf-8")
    assert "<script" not in text and "<Title>" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "&lt;Title&gt; &amp; more" in text


def test_every_score_is_on_the_page_under_its_own_name(written):
    path, found = written
    text = path.read_text(encoding="utf-8")
    for name in ("fused", "a alone", "b alone", "a, others masked"):
        assert f'<th scope="row">{name}</th>' in text
    scores = found.metrics["outputs"]["label"]
    assert f"{100 * scores['alone']['b']['value']:.1f} %" in text
    assert found.sentences["label"].partition(":")[2] in text
    for heading in ("The model", "Training", "Classes", "How it was made"):
        assert f"<h2>{heading}</h2>" in text


def test_a_class_that_never_occurs_has_a_dash(written):
    text = written[0].read_text(encoding="utf-8")
    assert '<td class="none">–</td>' in text and "nan" not in text


def test_the_file_for_machines_is_that_of_worth(written):
    path, found = written
    metrics = json.loads((path.parent / "metrics.json").read_text())
    check_metrics(metrics)
    assert metrics == found.metrics
    assert set(metrics["outputs"]["label"]) == {
        "metric",
        "fused",
        "alone",
        "masked",
        "missing",
        "ceiling",
    }


def test_without_worth_it_does_not_say_whether_fusion_pays(tmp_path):
    data, model = vectors(), vector_model()
    xla = {"on": True, "why": "on: as asked"}
    path = report.write(tmp_path, model, data.test, xla=xla)
    text = path.read_text(encoding="utf-8")
    assert "<h2>Scores</h2>" in text and "was not asked" in text
    assert "on (on: as asked)" in text and "<h1>a + b</h1>" in text
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics == {**evaluate(model, data.test), "xla": xla}


def test_keras_histories_and_dicts_are_read(tmp_path):
    data, model = vectors(rows=60), vector_model(late=True)
    history = model.fit(data.train.batches(64), epochs=2, verbose=0)
    for given in (history, history.history):
        path = report.write(tmp_path, model, data.test, history=given)
        text = path.read_text(encoding="utf-8")
        assert "</b> label accuracy<" in text and "label a " not in text


def test_many_classes_show_the_most_confused(tmp_path):
    classes = [f"class {i}" for i in range(30)]
    data, model = vectors(classes=classes), vector_model(classes=classes)
    data.test.targets["label"] = np.arange(240) % 30
    text = report.write(tmp_path, model, data.test).read_text("utf-8")
    assert "Most confused classes" in text and "30 classes are too many" in text


def test_the_worth_of_another_split_is_refused(written, tmp_path):
    _, found = written
    data, model = vectors(rows=60), vector_model()
    with pytest.raises(ArgumentError, match="same split.*240 rows.*60"):
        report.write(tmp_path, model, data.test, worth=found)
    assert not list(tmp_path.iterdir())
