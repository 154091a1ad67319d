# Stands in for nats:2.15-alpine: the same entry point, folder and port.
FROM scratch
ADD root.tar /
ENV PATH=/usr/local/bin:/bin
EXPOSE 4222
ENTRYPOINT ["nats-server"]
CMD ["--jetstream", "--store_dir", "/data"]
