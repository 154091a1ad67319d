# Every service of a node, and its portal: which one is told at the start. Built by `python -m deploy.docker.images node`,
# whose context holds the lock and our packages, nothing else: no key, no password, no setting.
ARG BASE=python:3.11-slim
FROM ${BASE}
WORKDIR /srv/spojka
COPY requirements.lock ./
COPY deploy/docker/packages.py /opt/packages.py
RUN ["python", "/opt/packages.py", "requirements.lock"]
COPY libs libs
COPY services services
COPY deploy deploy
RUN ["python", "-m", "compileall", "-q", "/srv/spojka"]
# Nobody in particular; compose.yaml names the user whose keys it reads.
USER 10001:10001
ENV PYTHONUNBUFFERED=1
ENTRYPOINT ["python", "-m", "deploy.node"]
