# nginx in front of several servers; compose.yaml builds it for the profile `scale`
ARG BASE=debian:bookworm-slim
FROM ${BASE}
RUN apt-get update \
    && apt-get install --yes --no-install-recommends nginx=1.22.* \
    && rm -rf /var/lib/apt/lists/*
COPY nginx.conf /etc/mnist-draw/nginx.conf
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["nginx", "-c", "/etc/mnist-draw/nginx.conf"]
