# Sourced by ./test: runs tests, and counts what passed, failed and was skipped over all assemblies and libtorches.

passed=0 failed=0 skipped=0
results=$state/results.$$
trap 'rm -rf "$results"' EXIT

# run_tests NAME FILTER ARGUMENT…: every test assembly of the Release build.
run_tests() {
    local name=$1 filter=$2 status=0 project assemblies=() before=$((passed + failed + skipped)) trx
    shift 2
    for project in "$root"/tests/*/*.csproj; do
        project=$(basename "$project" .csproj)
        assemblies+=("$root/tests/$project/bin/Release/net10.0/$project.dll")
    done
    dotnet test "${assemblies[@]}" ${filter:+--filter "$filter"} --nologo --logger 'console;verbosity=minimal' --logger "trx;LogFileName=$name.trx" \
        --results-directory "$results" --blame-hang --blame-hang-timeout 12min --blame-hang-dump-type none "$@" 8<&- </dev/null |
        { grep -vE '\[SKIP\]$|^ *Skipped ' || true; } || status=$?
    trx=$results/$name.trx
    local failures=0
    if [ -e "$trx" ]; then
        failures=$(outcomes "$trx" Failed)
        passed=$((passed + $(outcomes "$trx" Passed)))
        failed=$((failed + failures))
        skipped=$((skipped + $(outcomes "$trx" NotExecuted)))
    fi
    if [ "$status" != 0 ] && [ "$failures" = 0 ]; then
        echo "FAILED: the run of $name ended with status $status"
        failed=$((failed + 1))
    elif [ $((passed + failed + skipped)) = "$before" ]; then
        echo "FAILED: no test was run${filter:+; none matches '$filter'}"
        failed=$((failed + 1))
    fi
}

outcomes() { grep -o '<UnitTestResult [^>]*' "$1" | grep -c "outcome=\"$2\"" || true; }

# The compute, parity and engine tests, and two steps of fine-tuning and of reinforcement learning at mini scale, as on a processor with AVX2 alone.
test_lesser() {
    grep -qw avx2 /proc/cpuinfo || { echo "not run: the tests as on a processor with AVX2 (this one has none)" && return; }
    echo "with PARALLELR1_CPU=avx2:"
    PARALLELR1_CPU=avx2 run_tests lesser 'FullyQualifiedName~ParallelR1.Tests.Torch.|FullyQualifiedName~ParallelR1.Tests.Parity.|FullyQualifiedName~ParallelR1.Tests.Generation.|FullyQualifiedName~MiniStepsTests'
}

check_format() {
    echo "dotnet format --verify-no-changes"
    if dotnet format "$root/ParallelR1.slnx" --verify-no-changes --no-restore 8<&- </dev/null; then
        passed=$((passed + 1))
    else
        echo "FAILED: the sources are not formatted; run: dotnet format ParallelR1.slnx"
        failed=$((failed + 1))
    fi
}

# The compute and parity tests once more, on the PyTorch in an archive.
test_peer() {
    local archive=${PARALLELR1_TORCH_ARCHIVE:-} folder
    [ -n "$archive" ] || archive=$(compgen -G "$root/../shared/torch/pytorch-*-cpu-*.tar.xz" | sort | tail -n 1) || true
    if [ -z "$archive" ]; then
        echo "not run: compute and parity on a current PyTorch (no archive in ../shared/torch or PARALLELR1_TORCH_ARCHIVE)"
        return
    fi
    lock_setup
    unpack "$archive"
    LIBTORCH=$folder/torch
    build_native
    unlock_setup
    echo "on the libtorch of $LIBTORCH:"
    run_tests peer 'FullyQualifiedName~ParallelR1.Tests.Torch.|FullyQualifiedName~ParallelR1.Tests.Parity.'
}

# Sets folder to the unpacked archive in the cache; unpacked once, and there whole or not at all.
unpack() {
    local name new
    name=$(basename "$1" .tar.xz)
    folder=${XDG_CACHE_HOME:-$HOME/.cache}/parallel-r1/$name-$(stat -Lc %s "$1")
    [ ! -e "$folder" ] || return 0
    mkdir -p "${folder%/*}"
    new=$(mktemp -d "$folder.XXXXXX")
    logged "unpacking $1 to $folder" tar xJf "$1" -C "$new" || { rm -rf "$new" && die "could not unpack $1"; }
    mv -T "$new" "$folder" 2>/dev/null || rm -rf "$new"
}

print_results() {
    local reasons
    reasons=$(cat "$results"/*.trx 2>/dev/null | skip_reasons)
    [ -z "$reasons" ] || printf 'skipped:\n%s\n' "$reasons"
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}

# The messages of skipped tests in a TRX file, each once with its count.
skip_reasons() {
    awk '/<\/Results>/ { skipped = 0 }
         /<UnitTestResult / { skipped = /outcome="NotExecuted"/ }
         skipped && match($0, /<(Message|StdOut)>[^<]*/) { text = substr($0, RSTART, RLENGTH); sub(/^<[A-Za-z]*>/, "", text); count[text]++ }
         END { for (text in count) printf "%6d  %s\n", count[text], text }' |
        sed 's/&quot;/"/g; s/&apos;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | sort -k2
}
