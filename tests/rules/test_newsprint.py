"""The newspaper column is read back into headings and paragraphs, and no printed sign is lost."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.rules.newsprint import Row, blocks_of, paragraphs_of, rows_of, runs, shown_offsets

ARTICLE = (Path(__file__).parents[2] / "seeds" / "article-2022.txt").read_text(encoding="utf-8")
DEPARTMENTS = [
    "经信局", "自然资源和规划局", "招商中心", "科技局", "市场监管局", "发改局", "人力社保局", "农业农村局",
    "商务局", "文广旅体局", "国资办", "大数据局", "总部办", "金融办", "品牌办",
]  # fmt: skip
PARAGRAPHS = [4, 3, 3, 4, 3, 4, 3, 1, 6, 2, 3, 5, 4, 3, 5]
"""Counted by eye on the page; the line that leads on to page 4 stands after the last department."""

texts = st.text(st.sampled_from("经信局。，12a \n\r\u3000”"), max_size=200)


def shown(text: str, row: Row) -> str:
    return "".join(text[offset] for offset in shown_offsets(text, row.start, row.end))


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_the_departments_stand_in_printed_order():
    blocks = blocks_of(rows_of(ARTICLE), DEPARTMENTS)
    assert [block.heading.words for block in blocks[1:]] == DEPARTMENTS


def test_paragraphs_are_those_of_the_page():
    blocks = blocks_of(rows_of(ARTICLE), DEPARTMENTS)
    assert [len(block.paragraphs) for block in blocks[1:]] == PARAGRAPHS


def test_the_article_without_blanks_is_shown_unchanged():
    rows = [row for block in blocks_of(rows_of(ARTICLE), DEPARTMENTS) for row in _all_rows(block)]
    assert bare("".join(shown(ARTICLE, row) for row in rows)) == bare(ARTICLE)


def _all_rows(block):
    return [*([block.heading] if block.heading else []), *(row for body in block.paragraphs for row in body)]


@given(texts)
def test_any_text_without_blanks_is_shown_unchanged(text):
    rows = [row for block in blocks_of(rows_of(text), {"经信局"}) for row in _all_rows(block)]
    assert bare("".join(shown(text, row) for row in rows)) == bare(text)


@given(texts)
def test_a_row_is_a_place_in_the_text(text):
    assert [text[row.start : row.end] for row in rows_of(text)] == [row.words for row in rows_of(text)]


FULL = "一" * 23


@pytest.mark.parametrize(
    "lines, lengths",
    [
        (["全文到此。", "下一段。"], [1, 1]),  # a short line that ends a sentence ends the paragraph
        (["没有句号", "就接下去。"], [2]),
        (
            [FULL[:-1] + "。", FULL],
            [2],
        ),  # a full line before a full one: the sentence ends, the paragraph goes on
        ([FULL[:-1] + "。", FULL[:-1]], [1, 1]),  # before a shorter one, which is indented
        ([FULL[:-2] + "。”", FULL], [2]),
        (["长" * 60 + "。", FULL], [1, 1]),  # no column at all: a line is a paragraph
        ([], []),
    ],
)
def test_a_paragraph_ends_where_the_column_shows_it(lines, lengths):
    assert [len(rows) for rows in paragraphs_of(rows_of("\n".join(lines)))] == lengths


@pytest.mark.parametrize(
    "text, words",
    [
        ("企业 7 家", "企业7家"),
        ("营收 10 亿元", "营收10亿元"),
        ("实现 Google 搜索", "实现Google搜索"),
        ("世界五金之都 品质活力永康", "世界五金之都 品质活力永康"),
        ("上\n下", "上下"),
        ("上  下", "上下"),
    ],
)
def test_blanks_beside_digits_are_the_setters_those_between_words_stay(text, words):
    assert "".join(text[offset] for offset in shown_offsets(text, 0, len(text))) == words


def test_runs_join_signs_of_one_key_over_a_line_end():
    assert runs("ab\ncd", [0, 1, 3, 4], {1: "x", 3: "x"}.get) == [(None, "a"), ("x", "bc"), (None, "d")]
