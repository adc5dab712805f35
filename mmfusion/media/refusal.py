"""Why a file is not taken, as it travels from one process to the other."""


class Refusal(Exception):
    """A file that cannot be used: what it is, what to do, the short reason.

    Args:
        what: str. Empty where the file is just not what was expected.
        fix: str. What to do.
        reason: str. The short form.
    """

    def __init__(self, what="", fix="", reason="cannot be decoded"):
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.reason = reason

    def to_dict(self):
        """Plain values that JSON can hold."""
        return {"what": self.what, "fix": self.fix, "reason": self.reason}
