# SPDX-License-Identifier: GPL-3.0-or-later
# Debian packages by purpose, and a function that installs what is missing. Sourced by ./run and ./check.
# shellcheck shell=bash

# shellcheck disable=SC2034
packages_build="build-essential meson ninja-build pkg-config gettext
    libglib2.0-dev libgtk-4-dev libadwaita-1-dev libsofia-sip-ua-glib-dev
    libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev libpulse-dev
    libopus-dev libsrtp2-dev libspeexdsp-dev libbcg729-dev libspandsp-dev
    librsvg2-dev libsecret-1-dev libjson-glib-dev libxml2-dev"

# shellcheck disable=SC2034
packages_run="gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
    gstreamer1.0-libav gstreamer1.0-pulseaudio adwaita-icon-theme fonts-cantarell glib-networking ca-certificates"

# Somebody who speaks, for the echo.
# shellcheck disable=SC2034
packages_bench="espeak-ng"

# shellcheck disable=SC2034
packages_test="clang libclang-rt-14-dev python3 python3-gi gir1.2-atspi-2.0 gir1.2-gtk-4.0
    xvfb xauth xdotool x11-utils x11-apps imagemagick dbus dbus-x11 at-spi2-core pulseaudio pulseaudio-utils
    gnome-keyring gstreamer1.0-tools kamailio kamailio-tls-modules baresip-core baresip-ffmpeg sip-tester linphone-cli
    desktop-file-utils appstream libxml2-utils libglib2.0-bin shellcheck sox procps iproute2 nftables stunnel4 openssl cppcheck clang-tools"

# Installs what is missing of the packages named in $*; says what it does; returns non-zero when it cannot.
install_packages ()
{
    local missing=() name
    if ! command -v dpkg-query >/dev/null 2>&1; then
        echo "This is not a Debian system. Deskset needs, under whatever names your system has for them:" >&2
        echo "  $*" | tr -s ' \n' ' ' >&2
        echo >&2
        return 0
    fi
    # shellcheck disable=SC2048
    for name in $*; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" != installed ]; then
            missing+=("$name")
        fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "Installing: ${missing[*]}"
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            echo "Please install these packages as root, then start again: apt-get install ${missing[*]}" >&2
            return 1
        fi
        root=(sudo)
    fi
    # A service that a package brings must not start: the tests start their own on free ports.
    local policy=/usr/sbin/policy-rc.d made_policy=
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
        "${root[@]}" chmod 755 "$policy"
        made_policy=1
    fi
    local failed=0
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null ||
        { "${root[@]}" apt-get update -q </dev/null &&
          "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null; } ||
        failed=1
    [ -z "$made_policy" ] || "${root[@]}" rm -f "$policy"
    return $failed
}
