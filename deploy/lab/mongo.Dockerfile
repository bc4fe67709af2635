# Stands in for the image of MongoDB: its user, volumes and entrypoint; the mongod is the one of `make run`.
FROM python:3.11-slim-bookworm
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libcurl4 libssl3 >/dev/null \
    && useradd --system --uid 999 --home-dir /data/db mongodb \
    && install --directory --owner mongodb /data/db /data/configdb
COPY --chmod=0755 mongod mongo-start /usr/local/bin/
RUN ln -s mongo-start /usr/local/bin/docker-entrypoint.sh
VOLUME ["/data/db", "/data/configdb"]
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["mongod"]
