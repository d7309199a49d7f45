# resign in a container: one image for every role. `docker run resign web`, `worker`, `serve`, or any other command.
# The base is named by its minor version, so that a rebuild takes the fixes of Python and Debian;
# everything from the package index is fixed by its hash.
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ONLY_BINARY=:all:
WORKDIR /build

COPY requirements-build.lock requirements-runtime.lock ./
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes -r requirements-build.lock \
 && python -m venv /opt/resign \
 && /opt/resign/bin/pip install --require-hashes -r requirements-runtime.lock

COPY pyproject.toml README.md ./
COPY resign ./resign
COPY templates ./templates
COPY static ./static
COPY translations ./translations
RUN /opt/build/bin/hatchling build -t wheel -d /tmp/dist \
 && /opt/resign/bin/pip install --no-deps --no-index /tmp/dist/*.whl \
 && /opt/resign/bin/python -m compileall -q /opt/resign/lib \
 && /opt/resign/bin/pip uninstall --yes pip

FROM ${BASE}
LABEL org.opencontainers.image.title="resign" \
      org.opencontainers.image.description="The opt-out page for companies that send their mail with Synerise"

RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/resign --shell /usr/sbin/nologin resign \
 && install -d -o resign -g resign -m 0750 /var/lib/resign

COPY --from=build /opt/resign /opt/resign

ENV PATH=/opt/resign/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RESIGN_BIND=0.0.0.0:8000 \
    RESIGN_DATA_DIR=/var/lib/resign

USER 10001:10001
WORKDIR /var/lib/resign
VOLUME /var/lib/resign
EXPOSE 8000 8020

# For the roles that serve pages; compose.yaml gives the worker a check of its own.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['RESIGN_BIND'].rpartition(':')[2]), timeout=3); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]

ENTRYPOINT ["resign"]
CMD ["serve"]
