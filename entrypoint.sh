#!/bin/sh
# What `docker run mnist-draw ...` does: no word serves the app, a program's name runs that program, and all else is for
# the command line. `exec`, so that the signals of `docker stop` reach the program itself.
case "${1:-serve}" in
    python | bash | sh) exec "$@" ;;
    *) exec python -m mnist "${@:-serve}" ;;
esac
