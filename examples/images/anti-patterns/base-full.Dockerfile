# Several times the size of the slim variant: compilers and headers that only a build needs.
# Caught by: base-image
# Instead: python:3.14-slim-trixie, and a stage of its own for what has to be compiled.
FROM python:3.14-trixie@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
COPY app.py healthcheck.py ./
USER 10001:10001
HEALTHCHECK CMD ["python", "healthcheck.py"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/python:3.14-trixie"
CMD ["python", "app.py"]
