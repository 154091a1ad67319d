# A base for node.Dockerfile where no registry is reached: an interpreter, the packages of the lock, their libraries.
FROM scratch
ADD root.tar /
ENV PATH=/usr/local/bin LANG=C.UTF-8 SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
RUN ["python", "-m", "compileall", "-q", "-x", "lib2to3", "/usr/local/lib"]
CMD ["python"]
