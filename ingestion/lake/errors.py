"""What may go wrong with the lake."""


class LakeError(Exception):
    """The lake, or a file in it, cannot be had; the text says which and why, for the person who asked."""


class LakeAway(LakeError):
    """The lake does not answer at the moment; later it may."""
