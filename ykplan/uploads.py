"""Files on their way in: measured while they come, and never more kept than may be taken."""

import logging
from contextlib import suppress
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

MEGABYTE = 1024 * 1024

log = logging.getLogger(__name__)


class UnwrittenFile(InMemoryUploadedFile):
    """A file that found no room while it came: its name and size are known, its contents are not."""


class MeasuredFileUploadHandler(TemporaryFileUploadHandler):
    """Keeps at most one byte more than the largest file; `size` is what was really sent.

    A disk that is full while a form arrives must not cost what was typed in it: the file is then
    an `UnwrittenFile`, and who stores it says so.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.room = settings.EVIDENCE_MAX_MB * MEGABYTE + 1
        self.unwritten: OSError | None = None
        vars(self).pop("file", None)  # the one before is another's now
        try:
            super().new_file(*args, **kwargs)
        except OSError as fault:
            self.unwritten = fault

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        kept = raw_data[: self.room]
        self.room -= len(kept)
        if kept and not self.unwritten:
            try:
                super().receive_data_chunk(kept, start)
            except OSError as fault:
                self.unwritten = fault

    def file_complete(self, file_size: int) -> UploadedFile:
        if not self.unwritten:
            try:
                self.file.seek(0)  # what still stood in the buffer needs room, too
            except OSError as fault:
                self.unwritten = fault
        return self._unwritten(file_size) if self.unwritten else self._whole(file_size)

    def _whole(self, size: int) -> UploadedFile:
        self.file.size = size
        return self.file

    def _unwritten(self, size: int) -> UploadedFile:
        if hasattr(self, "file"):
            with suppress(OSError):
                self.file.close()
        log.error("a file could not be taken in: %s", self.unwritten)
        return UnwrittenFile(
            BytesIO(), self.field_name, self.file_name, self.content_type, size, self.charset
        )
