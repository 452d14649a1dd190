"""Survivorship rules: drafted, looked at, proposed, activated by somebody else, rolled back."""

import pytest
from django.core.cache import cache

from party_hub.actions.change_rule import RuleChange, change_rule, impact_of, stored_rule
from party_hub.actions.errors import Conflict
from party_hub.actions.rebuild_all import progress_of_rebuild, rebuild_all
from party_hub.models import AuditEntry, GoldenRecord, Party, SurvivorshipRule
from stewardship.models import Approval
from tests.factories import SourceRecordFactory, a_person, party_of
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db
ATTRIBUTE = "gender"


@pytest.fixture
def party() -> Party:
    """Two sources disagree: the more trusted one says little, the other more."""
    records = [
        SourceRecordFactory(source_id=source, attributes=a_person("Ann Smith", gender=gender))
        for source, gender in (("gleif", "f"), ("crm", "female"))
    ]
    return party_of(*records)


def longest() -> RuleChange:
    rule = SurvivorshipRule(attribute=ATTRIBUTE, strategy="longest")
    columns = [field.attname for field in SurvivorshipRule._meta.concrete_fields]
    return RuleChange(
        ATTRIBUTE, "", {name: getattr(rule, name) for name in columns if name not in ("id", "attribute", "party_type")}
    )


def golden(party: Party) -> str:
    said: str = GoldenRecord.objects.get(pk=party.pk).values[ATTRIBUTE]
    return said


def test_an_impact_says_what_the_change_then_does_and_writes_nothing(party: Party) -> None:
    before = golden(party)
    impact = impact_of(longest())
    assert (impact.concerned, impact.changed, impact.exact) == (1, 1, True)
    assert not SurvivorshipRule.objects.filter(attribute=ATTRIBUTE).exists()
    assert not SurvivorshipRule.history.filter(attribute=ATTRIBUTE).exists()
    change_rule(change=longest(), former=stored_rule(ATTRIBUTE, ""), actor="user:cleo", reason="Say it in full.")
    rebuild_all(actor="user:cleo")
    (one,) = impact.sample
    assert (one.before, one.after) == (before, golden(party))
    assert AuditEntry.objects.filter(verb="change_rule", reason="Say it in full.").exists()


def test_where_nothing_would_change_the_impact_says_so(party: Party) -> None:
    change = RuleChange("country", "", longest().rule)
    assert impact_of(change).changed == 0


def test_a_rule_that_somebody_changed_meanwhile_is_not_overwritten(party: Party) -> None:
    change_rule(change=longest(), former=stored_rule(ATTRIBUTE, ""), actor="user:cleo", reason="x")
    with pytest.raises(Conflict, match="changed since"):
        change_rule(change=longest(), former=None, actor="user:dan", reason="x")


def test_a_rule_that_cannot_be_is_a_conflict() -> None:
    with pytest.raises(Conflict):
        impact_of(RuleChange(ATTRIBUTE, "", {**(longest().rule or {}), "strategy": "whim"}))


def test_going_back_to_the_built_in_rule_is_a_change_too(party: Party) -> None:
    before = golden(party)
    change_rule(change=longest(), former=stored_rule(ATTRIBUTE, ""), actor="user:cleo", reason="x")
    rebuild_all(actor="user:cleo")
    back = RuleChange(ATTRIBUTE, "", None)
    assert impact_of(back).changed == 1
    change_rule(change=back, former=stored_rule(ATTRIBUTE, ""), actor="user:cleo", reason="x")
    rebuild_all(actor="user:cleo")
    assert golden(party) == before


def test_a_rebuild_says_how_far_it_is(party: Party) -> None:
    cache.delete("rebuild")
    assert progress_of_rebuild() is None
    rebuild_all(actor="user:cleo")
    progress = progress_of_rebuild()
    assert progress is not None
    assert (progress.done, progress.total, progress.running) == (2, 2, False)


def drafted(signed_in: SignedIn) -> Approval:
    client = signed_in("cleo")
    form = client.get(f"/rules/{ATTRIBUTE}/").context["form"]
    said = {name: value for name, value in form.initial.items() if value is not None and value is not False}
    said |= {name: ",".join(value) for name, value in said.items() if isinstance(value, list)}
    said |= {"strategy": "longest", "reason": "Say it in full."}
    answer = client.post(f"/rules/{ATTRIBUTE}/", said)
    assert answer.context["form"].errors == {}
    assert answer.context["problem"] == ""
    page = answer.content.decode()
    assert "1 of 1 parties" in page, answer.context["rule"]
    assert 'data-testid="impact-row"' in page
    where = client.post(f"/rules/{ATTRIBUTE}/", said | {"propose": "1"})["Location"]
    assert where.startswith("/approvals/")
    return Approval.objects.get()


def test_a_lead_drafts_and_another_activates(party: Party, signed_in: SignedIn) -> None:
    approval = drafted(signed_in)
    assert not SurvivorshipRule.objects.filter(attribute=ATTRIBUTE).exists()
    address = f"/approvals/{approval.pk}/"
    signed_in("cleo").post(address, {"verdict": "approve"})
    assert not SurvivorshipRule.objects.filter(attribute=ATTRIBUTE).exists()
    assert "1 of 1 parties" in signed_in("dan").get(address).content.decode()
    signed_in("dan").post(address, {"verdict": "approve"})
    assert SurvivorshipRule.objects.get(attribute=ATTRIBUTE, party_type="").strategy == "longest"


def test_an_earlier_version_is_where_a_roll_back_begins(party: Party, signed_in: SignedIn) -> None:
    change_rule(change=longest(), former=stored_rule(ATTRIBUTE, ""), actor="user:cleo", reason="x")
    earlier = SurvivorshipRule.history.get(attribute=ATTRIBUTE)
    other = RuleChange(ATTRIBUTE, "", {**(longest().rule or {}), "strategy": "most_recent"})
    change_rule(change=other, former=stored_rule(ATTRIBUTE, ""), actor="user:cleo", reason="x")
    assert "Back to this" in signed_in("cleo").get("/rules/").content.decode()
    form = signed_in("cleo").get(f"/rules/{ATTRIBUTE}/?version={earlier.history_id}").context["form"]
    assert form.initial["strategy"] == "longest"


@pytest.mark.parametrize("name", ["ada", "ben"])
def test_only_who_may_tune_drafts(name: str, signed_in: SignedIn) -> None:
    client = signed_in(name)
    assert client.get("/rules/").status_code == 200
    assert client.post(f"/rules/{ATTRIBUTE}/", {"strategy": "longest", "reason": "x"}).status_code == 403


def test_a_steward_reads_a_rule_and_who_may_change_it(signed_in: SignedIn) -> None:
    answer = signed_in("ada").get(f"/rules/{ATTRIBUTE}/")
    page = answer.content.decode()
    assert "A lead steward or an administrator drafts a change" in page
    assert 'data-testid="rule-form"' not in page
    assert all(field.disabled for field in answer.context["form"].fields.values())


@pytest.mark.parametrize("path", ["/rules/colour/", "/rules/gender/?party_type=ghost"])
def test_what_has_no_rule_is_not_found(path: str, signed_in: SignedIn) -> None:
    assert signed_in("cleo").get(path).status_code == 404


def test_the_rules_page_follows_the_rebuild(party: Party, signed_in: SignedIn) -> None:
    rebuild_all(actor="user:cleo")
    assert 'data-testid="run-progress"' in signed_in("ben").get("/rules/").content.decode()
    assert signed_in("ben").get("/rules/progress/").status_code == 286
