# Takes away the health check that the base image has.
# Caught by: healthcheck
# Instead: HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
COPY dist ./dist
USER 1000:1000
HEALTHCHECK NONE
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD ["node", "dist/server.js"]
