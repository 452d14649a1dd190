"""Shares as a reader sees them."""


def percent(share: float | None) -> str:
    """0.873 → 87 %; never a rounded 100 % or 0 % for what is not certain."""
    if share is None:
        return "–"
    if 0.995 <= share < 1:
        return "> 99 %"
    return "< 1 %" if 0 < share < 0.005 else f"{round(100 * share)} %"
