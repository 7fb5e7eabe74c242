# Says amd64 whatever it is built for: an image for arm64 whose program does not start on arm64.
# Caught by: architecture
# Instead: GOARCH=$TARGETARCH, after ARG TARGETARCH.
FROM golang:1.27-trixie@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS build
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 GOOS=linux GOARCH=amd64 go build -o /server .

FROM gcr.io/distroless/static-debian13:nonroot@sha256:0000000000000000000000000000000000000000000000000000000000000000
COPY --from=build /server /server
USER 65532:65532
HEALTHCHECK CMD ["/server", "-healthcheck"]
ARG SOURCE
ARG REVISION
LABEL org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="gcr.io/distroless/static-debian13:nonroot"
ENTRYPOINT ["/server"]
