# The compiler is a development dependency: this fails, until somebody has the compiler shipped as well.
# Caught by: dev-dependencies
# Instead: a stage that installs all for building, and one that installs with --omit=dev for the last stage.
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --only=production
COPY src ./src
RUN npm run build

FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
COPY --from=build /app/dist ./dist
USER 1000:1000
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD ["node", "dist/server.js"]
