# The app on port 8501, and its command line:
#   docker build -t mnist-draw . && docker run -p 8501:8501 mnist-draw
#   docker run -v "$PWD":/data mnist-draw predict /data/picture.png
#   docker run -it mnist-draw bash
# The same without TensorFlow, half as large: it reads and serves, but does not train or look inside a network.
#   docker build --target reader -t mnist-draw:reader .
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS reading
WORKDIR /build
RUN apt-get update && apt-get install --yes --no-install-recommends binutils=2.40-* && rm -rf /var/lib/apt/lists/*
COPY requirements/pip.txt requirements/
RUN python -m venv /packages && /packages/bin/python -m pip install --no-cache-dir --requirement requirements/pip.txt
COPY constraints.txt deploy/slim.sh ./
COPY requirements/reader.txt requirements/
RUN /packages/bin/python -m pip install --no-cache-dir --no-compile --requirement requirements/reader.txt --constraint constraints.txt

FROM reading AS training
COPY requirements.txt ./
RUN /packages/bin/python -m pip install --no-cache-dir --no-compile --requirement requirements.txt --constraint constraints.txt

FROM reading AS slim-reading
RUN ./slim.sh

FROM training AS slim-training
RUN ./slim.sh

FROM ${BASE} AS program
WORKDIR /app
COPY .streamlit .streamlit
COPY data data
COPY models models
COPY mnist mnist
COPY streamlit_app.py streamlit_pages.py predict.py entrypoint.sh pyproject.toml LICENSE LICENCES.md ./
RUN python -m compileall -q --invalidation-mode unchecked-hash . && chmod -R a+rX,go-w .

FROM ${BASE} AS settings
ARG BASE
ARG VERSION=0.2.0
ARG SOURCE=unpublished
LABEL org.opencontainers.image.title="mnist-draw" \
      org.opencontainers.image.description="Draw a digit and have it read" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 mnist && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp mnist
WORKDIR /app
ENV PATH=/packages/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "mnist.web.server.healthcheck"]
ENTRYPOINT ["/app/entrypoint.sh"]

FROM settings AS reader
COPY --from=slim-reading /packages /packages
COPY --from=program /app /app

FROM settings
COPY --from=slim-training /packages /packages
COPY --from=program /app /app
