# Sourced by ./demo and benchmarks/forwarding/run, in the project's folder and after needs.sh: builds the runner, lvs.jar.

runner=lvs-examples/target/lvs.jar

# Builds the runner unless it is newer than what it is built from. Arguments are put in front of Maven: sudo -u somebody.
need_runner() {
    local log
    [ ! -f "$runner" ] || [ -n "$(find pom.xml lvs-*/pom.xml lvs-*/src/main -newer "$runner" -print -quit)" ] || return 0
    say "Building $runner (the first time this downloads Maven and libraries: a minute or two) ..."
    log=$(mktemp)
    "$@" ./mvnw -q -Pquick package -pl lvs-examples -am >"$log" 2>&1 </dev/null || {
        cat "$log" >&2
        rm -f "$log"
        fail "The build failed."
    }
    rm -f "$log"
}
