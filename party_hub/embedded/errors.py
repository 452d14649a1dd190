"""What goes wrong with the local stack, in words that a person can act on."""


class StackError(RuntimeError):
    """A server or process of the local stack cannot do its work; the message says which, why and what to do."""
