"""Who somebody is, and what they do here: both are needed by every page, and asked for at once."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from pledges.models import Membership, User


class PostsBackend(ModelBackend):
    """Django's own way of signing in by name and password."""

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session with their posts; None for one who may not sign in."""
        posts = list(Membership.objects.filter(user=user_id).select_related("user", "department"))
        if not posts:
            return super().get_user(user_id)
        person = posts[0].user
        person.posts = posts
        return person if self.user_can_authenticate(person) else None
