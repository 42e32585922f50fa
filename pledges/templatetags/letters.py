"""What only letters need: addresses that work in a mail program, lights as characters with their colours."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode

from pledges.choices import Light
from ykplan.addresses import public_address

register = template.Library()

INDENT = 3

SHAPES = {
    Light.RED: "\N{BLACK DIAMOND}",
    Light.YELLOW: "\N{BLACK UP-POINTING TRIANGLE}",
    Light.GREEN: "\N{BLACK CIRCLE}",
    Light.DONE: "\N{HEAVY CHECK MARK}",
    Light.GREY: "\N{WHITE CIRCLE}",
}
COLOURS = {
    Light.RED: "#bd211a",
    Light.YELLOW: "#855600",
    Light.GREEN: "#1a7a45",
    Light.DONE: "#0d5537",
    Light.GREY: "#55616d",
}
"""Those of the pages (static/ykplan.css): readable on white."""


@register.simple_tag
def address(name: str, *args: object, **query: str) -> str:
    """A page as a link from outside: from the settings, never from what a request calls this host."""
    path = reverse(name, args=args)
    return public_address(f"{path}?{urlencode(query)}" if query else path)


@register.filter
def shape(light: Light | str) -> str:
    """The shape of a light as a character."""
    return SHAPES[Light(light)]


@register.filter
def colour(light: Light | str) -> str:
    """The colour of a light's shape and word."""
    return COLOURS[Light(light)]


@register.filter
def hanging(text: str) -> str:
    """Further lines below the first, as far in as a line of the text letter."""
    return text.replace("\n", f"\n{' ' * INDENT}")
