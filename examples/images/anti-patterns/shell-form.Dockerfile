# A shell starts it: where that stays the first process, no SIGTERM gets through, and each deployment waits half a minute.
# Caught by: exec-form
# Instead: CMD ["node", "dist/server.js"]
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
COPY dist ./dist
USER 1000:1000
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD node dist/server.js
