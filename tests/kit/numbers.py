"""A page read by its numbers: which stand there, and which list each of them opens."""

import re
from html import unescape


def main_of(response) -> str:
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def words_of(html: str) -> str:
    """The visible words, without the shares beside the counts."""
    html = re.sub(r'<span class="d">.*?</span>', "", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", html))


def links_in(html: str) -> list[tuple[str, str]]:
    """Pairs of an address and its words."""
    found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [(unescape(href), words_of(words)) for href, words in found]


def numbers_to_lists(response) -> list[tuple[str, int]]:
    """Every link that carries a number and leads to a list."""
    links = [(href, re.search(r"\d+", words)) for href, words in links_in(main_of(response))]
    return [(href, int(number[0])) for href, number in links if number and "/pledges/?" in f"{href}?"]


def total_of(client, href: str) -> int:
    return int(re.search(r'<main[^>]* data-total="(\d+)"', client.get(href).content.decode())[1])
