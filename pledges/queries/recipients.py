"""To whom a reminder goes: who holds the post that day, or the deputy."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from pledges.choices import Occasion, Role
from pledges.models import Leave, Membership, User

Post = tuple[Role, int | None]
"""A role with its department; None serves the whole city."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person who is told, and in whose place."""

    person: User
    on_behalf_of: User | None = None


def post_of(occasion: Occasion, department_id: int) -> Post:
    """Whose business an occasion is."""
    if occasion == Occasion.DIGEST:
        return Role.LEADER, None
    return (Role.HEAD if occasion == Occasion.ESCALATED else Role.REPORTER), department_id


def posts_of(occasion: Occasion, department_id: int) -> tuple[Post, ...]:
    """Everybody whose business it is: a directive is the reporters' and their head's."""
    posts = (post_of(occasion, department_id),)
    return (*posts, (Role.HEAD, department_id)) if occasion in Occasion.to_answer else posts


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is at their desk on a day. Two queries, however many are asked for."""

    day: date
    holders: dict[Post, list[User]] = field(default_factory=lambda: defaultdict(list))
    posts: dict[int, set[Post]] = field(default_factory=lambda: defaultdict(set))
    deputies: dict[int, User] = field(default_factory=dict)
    _told: dict[tuple[Occasion, int], dict[int, Addressee]] = field(default_factory=dict)

    @classmethod
    def on(cls, day: date) -> Self:
        roster = cls(day)
        found = Membership.objects.filter(user__is_active=True).select_related("user").order_by("id")
        for membership in found:
            post = Role(membership.role), membership.department_id
            roster.posts[membership.user_id].add(post)
            if membership.is_reminded:
                roster.holders[post].append(membership.user)
        away = Leave.objects.filter(since__lte=day, until__gte=day, deputy__is_active=True)
        for leave in away.select_related("person", "deputy").order_by("id"):
            roster.deputies[leave.person_id] = leave.deputy
        return roster

    def stand_in(self, person: User, post: Post) -> User:
        """Who reads a person's letters of a post: the deputy's deputy where both are away.

        Only who holds the post, too, may read them; themselves where there is nobody, or a circle.
        """
        met, reader = {person.pk}, person
        while reader.pk in self.deputies:
            reader = self.deputies[reader.pk]
            if reader.pk in met:
                return person
            met.add(reader.pk)
        return reader if self._may_read(reader, post) else person

    def _may_read(self, reader: User, post: Post) -> bool:
        holds = reader.is_superuser or post in self.posts.get(reader.pk, ())
        return holds and not self.is_paused(reader)

    def addressees(self, occasion: Occasion, department_id: int) -> list[Addressee]:
        """Everybody who is told of an occasion in a department, each once, in their own place rather than another's."""
        return list(self._readers_of(occasion, department_id).values())

    def _readers_of(self, occasion: Occasion, department_id: int) -> dict[int, Addressee]:
        """The same by person; worked out once for many letters."""
        known = occasion, department_id
        if known not in self._told:
            found = dict[int, Addressee]()
            for post in posts_of(occasion, department_id):
                for reader in self.readers(self.holders.get(post, []), post):
                    if reader.on_behalf_of is None:
                        found[reader.person.pk] = reader
                    found.setdefault(reader.person.pk, reader)
            self._told[known] = found
        return self._told[known]

    def readers(self, people: list[User], post: Post) -> list[Addressee]:
        """Those who read for some people, each once."""
        found = dict[int, Addressee]()
        for person in people:
            reader = self.stand_in(person, post)
            if reader.pk == person.pk:
                found[reader.pk] = Addressee(reader)
            else:
                found.setdefault(reader.pk, Addressee(reader, person))
        return list(found.values())

    def is_told(self, person_id: int, occasion: Occasion, department_id: int) -> bool:
        """Whether a person is among those who are told of an occasion."""
        return person_id in self._readers_of(occasion, department_id)

    def is_paused(self, person: User) -> bool:
        """Whether a person wants no letters on this day."""
        return person.paused_until is not None and person.paused_until >= self.day
