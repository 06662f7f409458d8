# Sourced by ./parallel-r1 and ./test, which set `root`: everything between a fresh clone and a running program.
#
# A stamp holds the time at which the last good build began; a build is due when a source is newer. What a build writes
# is marked as unfinished meanwhile, and a later start throws away what an interrupted one left.

set -euo pipefail

state=$root/.setup
log=$state/setup.log
quiet=
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 MSBUILDDISABLENODEREUSE=1
trap 'exit 130' INT
trap 'exit 143' TERM

say() { [ -n "$quiet" ] || printf 'parallel-r1: %s\n' "$*" >&2; }

die() {
    printf 'parallel-r1: %s\n' "$*" >&2
    exit 1
}

# One set-up at a time in this checkout; the lock goes with the process, however it ends.
lock_setup() {
    command -v dotnet >/dev/null || die "no dotnet on the path: install the .NET 10 SDK (https://dotnet.microsoft.com/download), then start again"
    [ -d "$state" ] || check_writable
    mkdir -p "$state"
    [ -e "$state/lock" ] || : >>"$state/lock"
    exec 9<"$state/lock"
    # Commands that start together only look whether all is built; that takes a moment and is nobody's concern.
    until flock -w 1 9; do
        [ ! -e "$state/working" ] || { say "another set-up is at work here, waiting for it" && flock 9 && break; }
    done
    [ ! -e "$state/working" ] || rm -f "$state/working" # of a set-up that was killed
}

unlock_setup() { exec 9<&-; }

# A checkout that is built can be run by users who may not write to it; only building asks for more.
check_writable() {
    [ -w "$root" ] && { [ ! -e "$state" ] || [ -w "$state" ]; } ||
        die "$(id -un) may not write to $root, where the program is built; start it once as the owner, or clone it to a folder of your own"
}

check_dotnet() {
    (cd "$root" && dotnet --version) >/dev/null 2>&1 ||
        die "the .NET SDK that global.json asks for is not here, only: $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | xargs). Install the .NET 10 SDK (https://dotnet.microsoft.com/download), then start again"
}

# logged WHAT COMMAND…: one line for people, the noise to the log. The lock is handed on: if only this script is killed, a later start
# waits for what it left running. So no command may leave a server behind.
logged() {
    local what=$1 start=$SECONDS
    say "$what"
    : >"$state/working"
    shift
    if "$@" >"$log" 2>&1 </dev/null; then
        rm -f "$state/working"
        say "$what: done in $((SECONDS - start)) s"
        return
    fi
    tail -n 30 "$log" >&2
    printf 'parallel-r1: failed: %s\nparallel-r1: the whole log: %s\n' "$*" "$log" >&2
    return 1
}

# fresh STAMP PATH…: true if no source below the paths has changed since the stamp. Folders count too: their time tells of removals.
fresh() {
    [ -e "$1" ] && [ -z "$(find "${@:2}" \( -name bin -o -name obj -o -name build -o -name TestResults \) -prune -o -newer "$1" -print -quit)" ]
}

# Sets libtorch (its folder), build (where native/ is built against it) and PARALLELR1_NATIVE.
find_libtorch() {
    case ${LIBTORCH:-} in
    '') libtorch=/usr ;;
    python)
        libtorch=$(python3 -c 'import importlib.util as u; s = u.find_spec("torch"); print(s.submodule_search_locations[0])' 2>/dev/null) ||
            die "LIBTORCH=python: the python3 on the path ($(command -v python3 || echo none)) has no torch; install it there, or unset LIBTORCH"
        ;;
    *)
        libtorch=$(realpath -e -- "$LIBTORCH" 2>/dev/null) || die "LIBTORCH=$LIBTORCH: no such folder; it must hold lib, include and share/cmake/Torch"
        ;;
    esac
    # Where the version stands has changed: since 2.13 in headeronly/, and the others only include it.
    local headers=("$libtorch"/include/torch/{csrc/api/include/torch,headeronly,.}/version.h) version
    version=$(sed -n 's/^#define TORCH_VERSION_M[A-Z]*OR //p' "${headers[@]}" 2>/dev/null) || [ -n "$version" ] || return 1
    # One build serves every processor of its kind; which instructions the kernels use is settled when the library is loaded.
    build=$root/native/build/${version//[!0-9]/.}-$(printf '%s\n' "$libtorch" "$(uname -m)" | cksum | cut -d' ' -f1)
    export PARALLELR1_NATIVE=$build/libparallelr1.so
}

# The OpenBLAS that shares its threads with libtorch; the one with threads of its own is slower with two cores than with one.
has_blas() { compgen -G "/usr/lib/*/openblas-openmp/libblas.so.3" >/dev/null; }

# Installs what the build lacks, with apt-get and only where that is allowed.
install_packages() {
    local missing=() admin=()
    command -v cmake >/dev/null || missing+=(cmake)
    command -v "${CXX:-g++}" >/dev/null || missing+=(g++)
    command -v ninja >/dev/null || command -v make >/dev/null || missing+=(ninja-build)
    if [ -z "${LIBTORCH:-}" ]; then
        find_libtorch || missing+=(libtorch-dev)
        has_blas || missing+=(libopenblas0-openmp)
    fi
    [ ${#missing[@]} -gt 0 ] || return 0
    local command="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    command -v apt-get >/dev/null ||
        die "missing: ${missing[*]} (Debian's names). Without apt-get, install them yourself; for another libtorch set LIBTORCH=DIR"
    if [ "$(id -u)" != 0 ]; then
        { command -v sudo && sudo -n true; } >/dev/null 2>&1 || die "missing: ${missing[*]}. Run as root, then start again:
    $command"
        admin=(sudo -n)
    fi
    logged "installing ${missing[*]} (once; some minutes)" apt_install 9<&- || die "could not install; mend this, then start again:
    $command"
}

apt_install() {
    local apt=("${admin[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600)
    "${admin[@]}" dpkg --configure -a
    "${apt[@]}" update || echo "apt-get update failed; going on with the lists that are there"
    "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
}

# native/ against the libtorch in use; each libtorch has its own build folder.
build_native() {
    if find_libtorch && [ -e "$PARALLELR1_NATIVE" ] && [ ! -e "$build/unfinished" ] && fresh "$build/stamp" "$root/native"; then
        note_native
        return
    fi
    check_writable
    check_dotnet
    install_packages
    find_libtorch || die "$libtorch is no libtorch: no include/torch/csrc/api/include/torch/version.h below it"
    [ ! -e "$build/unfinished" ] || rm -rf "$build"
    mkdir -p "$build"
    date +%s.%N >"$build/unfinished"
    logged "building native/ against the libtorch of $libtorch" compile_native || {
        rm -rf "$build"
        die "native/ does not build against the libtorch of $libtorch"
    }
    touch -d "@$(cat "$build/unfinished")" "$build/stamp"
    rm "$build/unfinished"
    note_native
}

compile_native() {
    local configure=(cmake -S "$root/native" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$libtorch")
    ! command -v ninja >/dev/null || configure+=(-G Ninja)
    "${configure[@]}" || { rm -rf "$build"/CMake* && "${configure[@]}"; } || return
    cmake --build "$build" --target parallelr1 --parallel "$(nproc)"
}

# For programs that these scripts did not start, such as a plain `dotnet test`: Debian's libtorch where there is one.
note_native() {
    local current=$root/native/build/current
    [ -z "${LIBTORCH:-}" ] || [ ! -e "$current" ] || return 0
    [ "$(cat "$current" 2>/dev/null)" = "$PARALLELR1_NATIVE" ] && return
    printf '%s\n' "$PARALLELR1_NATIVE" >"$current.$$"
    mv "$current.$$" "$current"
}

# build_managed NAME PROJECT SOURCES…: a Release build of a project or the solution; returns 1 if nothing was to be done.
build_managed() {
    local name=$1 project=$2 unfinished=$state/$1.unfinished folder
    shift 2
    [ ! -e "$unfinished" ] && fresh "$state/$name.stamp" "$@" && return 1
    check_writable
    check_dotnet
    [ ! -e "$unfinished" ] || rm -rf "$root"/{src,tests}/*/{bin,obj}/Release "$root"/{src,tests}/*/obj/project.*
    for folder in "$root"/{src,tests}/*/; do mkdir -p "$folder/bin" "$folder/obj"; done
    date +%s.%N >"$unfinished"
    logged "building $project" dotnet build "$root/$project" -c Release -nologo -v quiet -p:UseSharedCompilation=false || {
        rm "$unfinished"
        die "$project does not build"
    }
    touch -d "@$(cat "$unfinished")" "$state/$name.stamp"
    rm "$unfinished"
}
