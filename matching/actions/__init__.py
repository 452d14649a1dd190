"""The writers of matching: one file an act. Parties and links are written through party_hub.actions alone."""

from .manage_models import activate_model, store_model
from .rebuild import Rebuilt, rebuild
from .resolve_records import resolve_records
from .run_match import run_match
from .submit_record import Submitted, submit_record

__all__ = [
    "Rebuilt",
    "Submitted",
    "activate_model",
    "rebuild",
    "resolve_records",
    "run_match",
    "store_model",
    "submit_record",
]
