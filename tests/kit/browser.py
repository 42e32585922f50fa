"""A real browser, and what it complains about while a test looks at a page."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

CHROMIUM_ARGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--lang=zh-CN",
]
LOCAL_SCHEMES = {"data", "blob", "about", "chrome-error"}


def watch(page: Page, site: str, faults: list[str]) -> Page:
    """Collect console errors, script errors and requests that leave the site."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text} {message.location.get('url', '')}".rstrip())

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in LOCAL_SCHEMES and parts.netloc != urlsplit(site).netloc:
            faults.append(f"off-site request: {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", on_request)
    return page
