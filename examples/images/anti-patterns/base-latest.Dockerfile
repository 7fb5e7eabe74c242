# Built upon something else each day, a whole Debian of it, and nobody can say upon what it was.
# Caught by: base-image, latest, digest
# Instead: a version, the small variant, and the digest.
FROM node:latest
WORKDIR /app
COPY dist ./dist
USER 1000:1000
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:latest"
CMD ["node", "dist/server.js"]
