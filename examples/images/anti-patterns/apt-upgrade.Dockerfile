# Meant to make it safer: but what is in the image depends on the day of the build, and on what its cache remembers.
# Caught by: upgrade
# Instead: a newer digest of the base image, which its maintainers build anew for security updates.
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
RUN apt-get update && apt-get upgrade --yes && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY dist ./dist
USER 1000:1000
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD ["node", "dist/server.js"]
