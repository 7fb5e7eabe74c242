# Whatever that server answers on the day of the build is in the image.
# Caught by: add-url
# Instead: ADD --checksum=sha256:… with a version in the URL.
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
COPY dist ./dist
ADD https://downloads.example.com/agent/latest/agent.tar.gz /opt/agent.tar.gz
USER 1000:1000
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD ["node", "dist/server.js"]
