"""A printed page of another year, with the sentences from which figures were read."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from pledges.models import SourceArticle
from pledges.queries.facts_of_years import source_page
from pledges.views.requests import SignedIn


@require_safe
def source(request: SignedIn, article: str) -> HttpResponse:
    """The page as printed, and its figures beside it. Everybody may read what was in the paper."""
    found = get_object_or_404(SourceArticle, code=article)
    today = localdate()
    context = {"page": source_page(found, request.user), "day": today, "today": today}
    return render(request, "pledges/source_detail.html", context)
