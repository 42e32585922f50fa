"""What a request says of itself before anybody reads it: a length that is none, an alphabet that no page of ours uses."""

import re
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
CHARSET = re.compile(r";\s*charset\s*=\s*(\"[^\"]*\"|[^;\s]*)", re.IGNORECASE)


def wiped(application: Application) -> Application:
    """Before the framework: there, a codec that is no alphabet or a length that is no number ends in a fault.

    Pages of ours are UTF-8, and so is what browsers answer them; whatever else is named is read as that.
    """

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = CHARSET.sub("", environ.get("CONTENT_TYPE", ""))
        length = environ.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()):
            environ["CONTENT_LENGTH"] = "0"
        return application(environ, start_response)

    return answered
