"""What may go wrong with the lake."""


class LakeError(Exception):
    """The lake, or a file in it, cannot be had; the text says which, why and what to do."""


class LakeAway(LakeError):
    """The lake does not answer at the moment; later it may."""
