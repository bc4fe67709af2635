# Stands in for the image of Prometheus: its user, folder and options; the program is Debian's.
FROM python:3.11-slim-bookworm
COPY prometheus /bin/prometheus
RUN install --directory --owner nobody --group nogroup /prometheus
USER nobody
WORKDIR /prometheus
VOLUME ["/prometheus"]
ENTRYPOINT ["/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
