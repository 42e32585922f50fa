from ykplan import stamps


def test_same_files_have_the_same_digest_and_any_change_another(tmp_path):
    (tmp_path / "a").write_text("one")
    (tmp_path / "b").write_text("two")
    files = stamps.files_below(tmp_path)
    first = stamps.digest_of(tmp_path, files, 2026)

    assert stamps.digest_of(tmp_path, files, 2026) == first
    assert stamps.digest_of(tmp_path, files, 2027) != first
    (tmp_path / "a").write_text("onet")
    (tmp_path / "b").write_text("wo")
    assert stamps.digest_of(tmp_path, files, 2026) != first


def test_stamp_holds_for_its_digest_only(tmp_path):
    stamp = tmp_path / "folder" / "data.stamp"

    assert not stamps.is_stamped(stamp, "abc")
    stamps.write_stamp(stamp, "abc")
    assert stamps.is_stamped(stamp, "abc")
    assert not stamps.is_stamped(stamp, "abd")
