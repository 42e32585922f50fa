"""A file used again: a row of its own for those who may report, and no more room on the disk."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from pledges.actions.evidence import discard, path_of, remove, upload, use_again
from pledges.models import Evidence
from pledges.models.evidence import evidence_storage
from pledges.queries.evidence import stored_bytes
from tests.kit.files import PDF, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(evidence_folder):
    return evidence_folder


def test_who_may_not_report_uses_no_file_again_and_what_was_taken_back_is_gone(pledge, lin, chen):
    evidence = upload(uuid4(), sent(), user=lin, pledge=pledge)
    with pytest.raises(PermissionDenied):
        use_again(uuid4(), evidence, user=chen, pledge=pledge)
    Evidence.objects.filter(pk=evidence.pk).delete()

    with pytest.raises(ValidationError, match=evidence.name):
        use_again(uuid4(), evidence, user=lin, pledge=pledge)


def test_a_file_used_again_takes_no_more_room(settings, pledge, lin):
    settings.EVIDENCE_QUOTA_MB = 1
    evidence = upload(uuid4(), sent("a.pdf", PDF + b" " * (600 * 1024) + b"%%EOF"), user=lin, pledge=pledge)

    assert use_again(uuid4(), evidence, user=lin, pledge=pledge) != evidence
    assert stored_bytes(pledge.department) == evidence.size


def test_a_file_that_is_no_longer_on_the_disk_is_not_used_again(pledge, lin):
    evidence = upload(uuid4(), sent(), user=lin, pledge=pledge)
    discard(path_of(evidence))

    with pytest.raises(ValidationError, match=evidence.name):
        use_again(uuid4(), evidence, user=lin, pledge=pledge)


def test_the_bytes_go_with_the_last_row(pledge, lin, django_capture_on_commit_callbacks):
    first = upload(uuid4(), sent(), user=lin, pledge=pledge)
    again = use_again(uuid4(), first, user=lin, pledge=pledge)

    for evidence, is_there in ((first, True), (again, False)):
        with django_capture_on_commit_callbacks(execute=True):
            assert remove(evidence, user=lin)
        assert evidence_storage().exists(path_of(again)) is is_there
