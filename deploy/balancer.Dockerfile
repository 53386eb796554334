# nginx in front of several servers; compose.yaml builds it for the profile `scale`
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends nginx-light=1.22.* \
    && rm -rf /var/lib/apt/lists/*
COPY nginx.conf upstream.conf proxy.conf /etc/mnist-draw/
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s CMD ["nginx", "-t", "-q", "-c", "/etc/mnist-draw/nginx.conf"]
ENTRYPOINT ["nginx", "-c", "/etc/mnist-draw/nginx.conf"]
