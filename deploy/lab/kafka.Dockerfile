# Stands in for the image of Apache Kafka: its user, folders, volumes and environment, on Debian with Java 17.
FROM python:3.11-slim-bookworm
RUN apt-get update -qq \
    && mkdir -p /usr/share/man/man1 \
    && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null \
    && useradd --create-home appuser \
    && install --directory --owner appuser /opt/kafka /etc/kafka/secrets /var/lib/kafka/data /mnt/shared/config
COPY libs /opt/kafka/libs
COPY kafka-start /etc/kafka/docker/run
USER appuser
VOLUME ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]
CMD ["bash", "/etc/kafka/docker/run"]
