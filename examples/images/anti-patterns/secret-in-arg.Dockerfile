# The value of a build argument stands in the history of the image, with every RUN that follows.
# Caught by: no-secrets-in-image
# Instead: RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
ARG NPM_TOKEN
COPY package.json package-lock.json ./
RUN echo "//npm.example.com/:_authToken=$NPM_TOKEN" > .npmrc && npm ci --omit=dev && rm .npmrc
COPY dist ./dist
USER 1000:1000
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD ["node", "dist/server.js"]
