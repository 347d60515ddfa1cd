# Sourced by run and check: names and installs the Debian packages that a build needs. Nothing to do: says nothing.
packages="g++ cmake ninja-build ccache pkg-config qt6-base-dev libqt6opengl6-dev qt6-charts-dev qt6-svg-dev
    qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools libgl-dev libopengl-dev fonts-dejavu-core
    nlohmann-json3-dev libexpected-dev libfmt-dev libxxhash-dev libssl-dev zlib1g-dev libcli11-dev libpcre2-dev libutf8proc-dev libhwy-dev libdnnl-dev ocl-icd-opencl-dev libeigen3-dev libnlopt-dev libopenblas-pthread-dev libcpp-httplib-dev bubblewrap python3"

missing_packages() {
    command -v dpkg-query >/dev/null || { echo "$packages"; return; }
    local installed
    # Only "ii" is installed: dpkg also knows packages that others merely recommend. What one provides is there too (Ubuntu 24.04).
    installed=" $(dpkg-query -W -f '${db:Status-Abbrev} ${Package} ${Provides}\n' $packages 2>/dev/null | sed -n 's/^ii *//p' | tr ',\n' '  ') "
    for package in $packages; do
        case "$installed" in *" $package "*) ;; *) printf '%s ' "$package" ;; esac
    done
}

install_packages() {
    local missing sudo=""
    missing=$(missing_packages)
    [ -n "$missing" ] || return 0
    echo "These Debian packages are missing: $missing"
    command -v apt-get >/dev/null || { echo "Install them with this system's own package manager and run this again." >&2; exit 1; }
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || { echo "Install them as root: apt-get install --no-install-recommends $missing" >&2; exit 1; }
        sudo=sudo
    fi
    echo "Installing them …"
    $sudo apt-get update -qq || true # an old list may do
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null ||
        { echo "The packages could not be installed; nothing was built." >&2; exit 1; }
}

# configure_and_build [cmake options]: the release preset, once configured only built.
configure_and_build() {
    if [ ! -f build/release/build.ninja ] || [ $# -gt 0 ]; then
        cmake --preset release "$@" >build/configure.log 2>&1 || { cat build/configure.log >&2; exit 1; }
    fi
    cmake --build --preset release >build/build.log 2>&1 || { grep -v '^\[' build/build.log | tail -n 60 >&2; exit 1; }
}
