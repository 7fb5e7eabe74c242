# Ships whatever lies in the folder: tests, .git, and the .env of whoever builds it.
# Caught by: whole-context
# Instead: the files that it needs by name, and a .dockerignore that lets nothing else in.
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
COPY . .
USER 1000:1000
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD ["node", "dist/server.js"]
