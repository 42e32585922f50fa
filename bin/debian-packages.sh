# Installs the Debian packages that tests need, where this is Debian and we may. Read by bin/test.
missing_packages() {
  command -v chromium >/dev/null || echo chromium
  # Without a Chinese font every character is a box.
  [ -n "$(command -v fc-list >/dev/null && fc-list :lang=zh family)" ] || echo fonts-noto-cjk fontconfig
  command -v redis-server >/dev/null || command -v valkey-server >/dev/null || echo redis-server
  command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo postgresql
  command -v msgfmt >/dev/null || echo gettext
}
install_missing_packages() {
  packages=$(missing_packages | tr '\n' ' ')
  if [ -z "$packages" ] || ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then return 0; fi
  echo "Installing Debian packages: $packages"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null 2>&1 || true
  # What could not be installed is named by tests.kit.parts, which also decides whether that is a failure.
  # shellcheck disable=SC2086 - several words
  apt-get install -y -qq --no-install-recommends $packages >/dev/null 2>&1 || true
}
install_missing_packages
