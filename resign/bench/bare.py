"""The bare view that ours is compared with: Flask, one constant answer, the same server; `-m resign.bench.bare`."""

import sys

from flask import Flask

from resign.serving import serve

WORKERS, THREADS = 2, 1

application = Flask("resign.bench.bare", static_folder=None, template_folder=None)


@application.route("/", methods=["GET", "POST"])
def constant() -> str:
    return "ok\n"


if __name__ == "__main__":
    serve("resign.bench.bare:application", ("127.0.0.1", int(sys.argv[1])), workers=WORKERS, threads=THREADS)
