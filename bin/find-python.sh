# Sets PYTHON to a Python of at least 3.11, or says what is missing. Read by bin/run and bin/test.
find_python() {
  for candidate in python3.13 python3.12 python3.11 python3 python; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      PYTHON=$(command -v "$candidate")
      return 0
    fi
  done
  echo "需要 Python 3.11 或更新版本，请先安装。" >&2
  echo "Python 3.11 or newer is needed; please install it first." >&2
  return 1
}
find_python || exit 1
