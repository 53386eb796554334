#!/bin/sh
# What `docker run mnist-draw ...` does: no word serves the app; a command of the command line is run by it; any other
# program of the image, or a script of /app, runs as it is. `exec`, so that the signals of `docker stop` reach the
# program itself.
if [ $# -eq 0 ]; then
    [ ! -t 0 ] || echo "Serving the page; Ctrl+C stops it. For a shell in this image, add a word: docker run -it ... bash"
    exec python -m mnist serve
fi
case "$1" in
    serve | train | evaluate | predict | -*) exec python -m mnist "$@" ;;
    *.py) exec python "$@" ;;
esac
if command -v "$1" > /dev/null; then
    exec "$@"
fi
exec python -m mnist "$@"  # says which commands there are
