"""Sample feeds: believable parties as CRM, D&B, Markit and an event stream would each tell them, and the truth about
them.

The same count and seed give the same bytes. Nothing here is real: names, places and numbers are drawn from short lists
written for this project (`countries/*.toml`), numbers carry true check digits, and telephone numbers are random.
"""

from .write import Written, write_sample

__all__ = ["Written", "write_sample"]
