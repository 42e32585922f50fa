"""Static files are looked through once per process. A server does it once; every client of a test would do it anew."""

from whitenoise.base import WhiteNoise

found: dict[tuple[object, ...], dict[str, object]] = {}
look = WhiteNoise.update_files_dictionary


def look_once(house: WhiteNoise, root: str, prefix: str) -> None:
    """What another one found who was asked the same: the same folder, to be answered in the same way."""
    asked = (
        *(type(house), root, prefix, house.max_age, house.allow_all_origins, house.charset),
        *(house.index_file, house.add_headers_function),
    )
    if asked not in found:
        before = set(house.files)
        look(house, root, prefix)
        found[asked] = {url: file for url, file in house.files.items() if url not in before}
    house.files |= found[asked]


def let_clients_share_static_files() -> None:
    WhiteNoise.update_files_dictionary = look_once
