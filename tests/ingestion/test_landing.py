"""Files that are bad as a whole: each refused in one clear sentence."""

from pathlib import Path

import pytest

from ingestion.feeds import adapter_of
from ingestion.landing import BadFile, Examined, examine
from tests.ingestion.conftest import customers, written

CRM_HEADER = "CUSTOMER_ID,CUSTOMER_TYPE,FIRST_NAME,LAST_NAME,COMPANY_NAME"
EMPTY = "Export it anew, with its rows, and send it again."
WHOLE = "Export it anew, whole, and send it again."


def refusal(path: Path, feed: str) -> str:
    with pytest.raises(BadFile) as problem:
        examine(path, adapter_of(feed))
    return str(problem.value)


def test_a_good_file_gives_its_columns(tmp_path: Path) -> None:
    found = examine(customers(tmp_path, {}), adapter_of("crm"))
    assert found.columns[:2] == ["CUSTOMER_ID", "CUSTOMER_TYPE"]
    assert found.named["ZIP"] == "ZIP"


def test_columns_are_known_whatever_their_case_blanks_and_byte_order_mark(tmp_path: Path) -> None:
    path = written(
        tmp_path, "crm.csv", "\ufeffCustomer Id,customer-type,First_Name,Last Name,COMPANY.NAME\nC1,P,Ann,Smith,\n"
    )
    assert examine(path, adapter_of("crm")).named["CUSTOMER_ID"] == "Customer Id"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", f"crm.csv is empty. {EMPTY}"),
        ("\n\n", f"crm.csv is empty: it has no header. {EMPTY}"),
        (f"{CRM_HEADER}\n", f"crm.csv is empty: it has a header but no rows. {EMPTY}"),
        (
            "CUSTOMER_ID,FIRST_NAME,LAST_NAME,PHONE\n1,2,3,4\n",
            "crm.csv is no crm file: it lacks the columns CUSTOMER_TYPE, COMPANY_NAME "
            "(it has CUSTOMER_ID, FIRST_NAME, LAST_NAME, PHONE). "
            "Mend that and send it again, or send it to the feed that it belongs to.",
        ),
        (
            f"{CRM_HEADER},FIRST_NAME\n1,P,a,b,,c\n",
            "crm.csv has the column 'FIRST_NAME' more than once. Rename one and send it again.",
        ),
        (
            f"{CRM_HEADER}\nC1,P,Ann,Smith,\nC2,P,Jos".encode() + b"\xe9,Ruiz,\n",
            "crm.csv is not UTF-8: byte 0xE9 at offset 84 (line 3) does not belong there. "
            "Save the file in this encoding and send it again.",
        ),
        (
            f"{CRM_HEADER}\nC1,P,Ann,Smith,\n".encode() + b"\xc3",
            "crm.csv ends in the middle of a UTF-8 sign; it seems to be cut off. Send it again.",
        ),
    ],
)
def test_a_bad_csv_file_says_what_is_wrong(tmp_path: Path, content: str | bytes, says: str) -> None:
    assert refusal(written(tmp_path, "crm.csv", content), "crm") == says


def test_a_wrong_delimiter_is_suspected(tmp_path: Path) -> None:
    path = written(tmp_path, "crm.csv", CRM_HEADER.replace(",", ";") + "\nC1;P;Ann;Smith;\n")
    assert "Its columns seem not to be set apart by ','. Mend that and send it again" in refusal(path, "crm")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            "<entities><entity><entityId>1</entityId>\n</oops></entities>",
            f"markit.xml is broken XML: mismatched tag in line 2, column 3. {WHOLE}",
        ),
        ("<entities></entities>", f"markit.xml is empty: it has no <entity> elements. {EMPTY}"),
        (
            "<entities><entity><id>1</id><name>x</name></entity></entities>",
            "markit.xml is no markit file: it lacks the elements entityId, longName (it has id, name). "
            "Mend that and send it again, or send it to the feed that it belongs to.",
        ),
        (
            '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><entities><entity><entityId>&x;</entityId></entity></entities>',
            "markit.xml declares a document type, which this feed does not take (it could hide entities). "
            "Leave its DOCTYPE out and send it again.",
        ),
        (
            "<entities><entity><entityId>1</entityId>",
            f"markit.xml is broken XML: no element found in line 1, column 41. {WHOLE}",
        ),
    ],
)
def test_a_bad_xml_file_says_what_is_wrong(tmp_path: Path, content: str, says: str) -> None:
    assert refusal(written(tmp_path, "markit.xml", content), "markit") == says


def test_nested_elements_are_known_by_their_path(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "m.xml",
        "<a xmlns:m='urn:m'><m:entity><m:entityId>1</m:entityId><m:longName>x</m:longName>"
        "<m:address><m:city>Leeds</m:city></m:address></m:entity></a>",
    )
    found: Examined = examine(path, adapter_of("markit"))
    assert found.columns == ["entityId", "longName", "address.city"]


def test_blank_lines_alone_are_no_events(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "e.jsonl", "\n \n"), "events") == f"e.jsonl is empty. {EMPTY}"
