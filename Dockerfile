# The app on port 8501, and its command line:
#   docker build -t mnist-draw . && docker run -p 8501:8501 mnist-draw
#   docker run -v "$PWD":/data mnist-draw predict /data/picture.png
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
WORKDIR /build
RUN python -m venv /packages
COPY requirements.txt constraints.txt ./
RUN /packages/bin/python -m pip install --no-cache-dir --requirement requirements.txt --constraint constraints.txt
# not needed to serve, train or read: headers, build tools, remote storage, the packages' own tests
WORKDIR /packages/lib/python3.11/site-packages
RUN rm -rf clang libclang-* grpc grpcio-* pip pip-* setuptools setuptools-* /packages/bin/pip* \
        numpy/*/tests pandas/tests pydeck/nbextension \
        pyarrow/include pyarrow/src pyarrow/tests pyarrow/libarrow_python.so pyarrow/libarrow_python.so.*.*.* \
        pyarrow/libarrow_flight.so.* pyarrow/_flight.* pyarrow/libarrow_s3.so.* pyarrow/_s3fs.* \
        tensorflow/include tensorflow/xla_aot_runtime_src tensorflow/compiler/mlir/stablehlo/stablehlo_extension.so \
    && rm -rf cv2/data \
    && find . -name '*.pyi' -delete
# symbols for debuggers, a quarter of TensorFlow
RUN apt-get update && apt-get install --yes --no-install-recommends binutils=2.40-* \
    && find tensorflow pyarrow -name '*.so*' -type f -exec strip --strip-unneeded {} + \
    && rm -rf /var/lib/apt/lists/*

FROM ${BASE} AS program
WORKDIR /app
COPY .streamlit .streamlit
COPY models models
COPY mnist mnist
COPY streamlit_app.py streamlit_pages.py predict.py entrypoint.sh pyproject.toml LICENSE LICENCES.md ./
RUN python -m compileall -q . && chmod -R a+rX,go-w .

FROM ${BASE}
ARG VERSION=0.2.0
ARG SOURCE=unpublished
LABEL org.opencontainers.image.title="mnist-draw" \
      org.opencontainers.image.description="Draw a digit and have it read" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --gid 10001 mnist && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp mnist
COPY --from=packages /packages /packages
COPY --from=program /app /app
WORKDIR /app
ENV PATH=/packages/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "mnist.web.server.healthcheck"]
ENTRYPOINT ["/app/entrypoint.sh"]
