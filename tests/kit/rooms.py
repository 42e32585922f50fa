"""Where the administrators' rooms are, and what a form of theirs sends."""

import re
from html import unescape

from django.urls import reverse


def address(model, action, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}", args=args)


def fields_of(page):
    """What a browser would send back: inputs, areas and choices with their values."""
    html = page.content.decode()
    sent = {}
    for tag in re.findall(r"<input[^>]*>", html):
        parts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        is_box = parts.get("type") in {"checkbox", "radio"}
        if "name" in parts and parts.get("type") != "submit" and (not is_box or "checked" in tag):
            sent[parts["name"]] = unescape(parts.get("value", "on" if is_box else ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', html, re.DOTALL):
        sent[name] = unescape(text.removeprefix("\n"))
    for tag, name, options in re.findall(
        r'(<select[^>]*?name="([^"]*)"[^>]*>)(.*?)</select>', html, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        if chosen or " multiple" not in tag:
            sent[name] = chosen[1] if chosen else ""
    return {name: value for name, value in sent.items() if "__prefix__" not in name and name != "action"}
