# The app on port 8501: docker build -t mnist-draw . && docker run -p 8501:8501 mnist-draw
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS packages
WORKDIR /build
COPY requirements.txt constraints.txt ./
RUN python -m venv /packages \
    && /packages/bin/python -m pip install --no-cache-dir --requirement requirements.txt --constraint constraints.txt

FROM ${BASE}
COPY --from=packages /packages /packages
WORKDIR /app
COPY .streamlit .streamlit
COPY mnist mnist
COPY models models
COPY streamlit_app.py ./
ENV PATH=/packages/bin:$PATH PYTHONUNBUFFERED=1
RUN python -m compileall -q mnist streamlit_app.py
USER 10001
EXPOSE 8501
ENTRYPOINT ["streamlit", "run", "streamlit_app.py", "--server.port=8501", "--server.address=0.0.0.0"]
