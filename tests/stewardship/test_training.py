"""A lead trains a model from the page, sees it beside the one in force, and puts it there."""

from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from matching.actions.train_from_answers import train_from_answers
from matching.engine.calibration import score_bands
from matching.models import TrainingRun
from matching.queries import active_model
from stewardship.presentation.curve import curve
from stewardship.presentation.reliability import plot
from tests.matching.test_training import answers
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def trained(db: None) -> TrainingRun:
    """A training that is done."""
    answers(40)
    run = train_from_answers(run_id=TrainingRun.objects.create(asked_by="user:cleo").pk)
    assert run is not None
    return run


def test_a_lead_starts_a_training_and_sees_it_wait(signed_in: SignedIn) -> None:
    answers(40)
    client = signed_in("cleo")
    assert "Train a model" in client.get("/matching/training/").content.decode()
    page = client.post("/matching/training/start/", follow=True)
    run = TrainingRun.objects.get()
    assert page.redirect_chain[-1][0] == f"/matching/training/{run.pk}/"
    assert "Waits for a worker" in page.content.decode()
    assert "A training is at work" in client.get("/matching/training/").content.decode()
    again = client.post("/matching/training/start/", follow=True)
    assert "at work already" in again.content.decode()
    page = client.post(f"/matching/training/{run.pk}/cancel/", follow=True)
    assert "Cancelled by cleo" in page.content.decode()
    page = client.post(f"/matching/training/{run.pk}/cancel/", follow=True)
    assert "This training is over" in page.content.decode()


def test_with_few_answers_the_page_says_what_to_do(signed_in: SignedIn) -> None:
    client = signed_in("cleo")
    assert "at least 10 answers" in client.get("/matching/training/").content.decode()
    page = client.post("/matching/training/start/", follow=True)
    assert "Label more pairs first" in page.content.decode()
    assert not TrainingRun.objects.exists()


def test_the_new_model_stands_beside_the_one_in_force(trained: TrainingRun, signed_in: SignedIn) -> None:
    page = signed_in("ben").get(f"/matching/training/{trained.pk}/")
    text = page.content.decode()
    assert [measure.label for measure in page.context["beside"].measures] == ["Precision", "Recall", "F1"]
    assert "Log-loss" in text
    assert "Review queue" in text
    assert text.count('data-testid="curve-step"') == len(trained.result["curve"]) > 3
    assert "<polyline" in text
    assert "style=" not in text.split("<main")[1].split("</main")[0]


def test_a_run_that_works_refreshes_itself_and_one_that_is_over_does_not(
    trained: TrainingRun, signed_in: SignedIn
) -> None:
    client = signed_in("ben")
    part = client.get(f"/matching/training/{trained.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-get" not in part
    live = TrainingRun.objects.create(asked_by="user:cleo", step="Reading the answers", total=4, done=1)
    page = client.get(f"/matching/training/{live.pk}/").content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert 'value="25"' in page
    assert "Reading the answers" in page


def test_the_model_page_shows_how_the_draft_does_on_what_it_never_saw(
    trained: TrainingRun, signed_in: SignedIn
) -> None:
    page = signed_in("ben").get(f"/matching/{trained.model_version}/")
    assert page.context["reliability"].only_held_back
    assert page.context["reliability"].answers == trained.held_back
    assert 'data-testid="learning-curve"' in page.content.decode()


def test_the_draft_comes_into_force_and_goes_again(trained: TrainingRun, signed_in: SignedIn) -> None:
    client = signed_in("cleo")
    for version in (trained.model_version, trained.active_version):
        client.post(f"/matching/{version}/activate/", {"reason": "As seen on held-back answers."})
        assert active_model().version == version


@pytest.mark.parametrize(("name", "status"), [("cleo", 302), ("dan", 302), ("ada", 403), ("ben", 403), ("sam", 403)])
def test_leads_and_administrators_train(name: str, status: int, trained: TrainingRun, signed_in: SignedIn) -> None:
    client = signed_in(name)
    posts = ["/matching/training/start/", f"/matching/training/{trained.pk}/cancel/"]
    assert {client.post(path).status_code for path in posts} == {status}


def test_an_unknown_training_is_not_found(signed_in: SignedIn) -> None:
    client = signed_in("cleo")
    assert client.get("/matching/training/0/").status_code == 404
    assert client.post("/matching/training/0/cancel/").status_code == 404


def test_a_curve_rises_to_the_right_and_stays_in_its_frame() -> None:
    drawn = curve([(0, 0.8), (10, 0.9), (40, None), (160, 1.0)])
    assert [point.answers for point in drawn.points] == [0, 10, 160]
    assert [point.x for point in drawn.points] == sorted(point.x for point in drawn.points)
    assert (drawn.points[0].x, drawn.points[-1].x) == (drawn.left, drawn.right)
    assert (drawn.points[0].y, drawn.points[-1].y) == (drawn.base, drawn.top)
    assert [label for label, _ in drawn.up] == ["0.8", "0.9", "1"]
    assert curve([]).points == []


def test_a_reliability_plot_is_sound_markup_with_a_point_a_filled_band() -> None:
    bands = score_bands([(0.2, False), (0.25, True), (0.95, True)])
    drawn = ElementTree.fromstring(render_to_string("components/reliability.html", {"plot": plot(bands)}))
    circles = [node for node in drawn.iter() if node.tag == "circle"]
    assert len(circles) == 2
    assert float(circles[0].attrib["cx"]) < float(circles[1].attrib["cx"])
