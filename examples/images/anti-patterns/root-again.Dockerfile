# Goes back to root to install something, and stays it.
# Caught by: non-root-user
# Instead: install first, and let USER 1000:1000 come last.
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
USER 1000:1000
WORKDIR /app
COPY dist ./dist
USER root
RUN apt-get update && apt-get install --yes --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD ["node", "dist/server.js"]
