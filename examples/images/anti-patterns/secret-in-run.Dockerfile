# What a command says stands in the history of the image, also when the file that it makes is gone.
# Caught by: no-secrets-in-image
# Instead: RUN --mount=type=secret,id=license,env=LICENSE_SECRET ./activate.sh
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
COPY dist ./dist
RUN LICENSE_SECRET=correct-horse ./dist/activate.sh
USER 1000:1000
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD ["node", "dist/server.js"]
