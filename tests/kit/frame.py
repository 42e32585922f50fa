"""What stands around every page, taken apart."""

import re
from datetime import date
from html import unescape

TODAY = date(2022, 7, 4)
OVERVIEW, PLEDGES = "/campaigns/wujin-2022/", "/campaigns/wujin-2022/pledges/"


def body_of(client, address, **query):
    return client.get(address, query).content.decode()


def part(html, opening, closing):
    """The inside of a part of a page; nothing where there is none."""
    found = re.search(f"{opening}(.*?){closing}", html, re.DOTALL)
    return found[1] if found else ""


def doors(html):
    """Where the masthead leads, without queries."""
    nav = part(html, '<nav class="nav"', "</nav>")
    return [unescape(address).split("?")[0] for address in re.findall(r'href="([^"]+)"', nav)]


def current(html):
    """What the masthead says one is looking at."""
    return re.findall(r'href="([^"?]+)[^"]*" aria-current="page"', part(html, '<nav class="nav"', "</nav>"))
