# Whoever may pull the image reads the password in its configuration, and so in every copy of it.
# Caught by: no-secrets-in-image
# Instead: the task or the pod gets it at run time, from Secrets Manager.
FROM node:24-trixie-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000
WORKDIR /app
COPY dist ./dist
ENV DB_PASSWORD=correct-horse
USER 1000:1000
HEALTHCHECK CMD ["node", "dist/healthcheck.js"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/node:24-trixie-slim"
CMD ["node", "dist/server.js"]
