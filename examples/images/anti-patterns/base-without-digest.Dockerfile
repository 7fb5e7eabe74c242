# The tag moves: the same commit, built again, is another image, and no review has seen the difference.
# Caught by: digest
# Instead: the digest beside the tag, brought up to date by a pull request.
FROM node:24-trixie-slim
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
