#!/bin/sh
# Stands in for wget in the one health check of compose.yaml: wget -q -O FILE http://HOST:PORT/PATH. The shell is bash.
for url; do :; done
place=${url#http://}
address=${place%%/*}
exec 3<>"/dev/tcp/${address%:*}/${address#*:}" || exit 4
printf 'GET /%s HTTP/1.0\r\n\r\n' "${place#*/}" >&3
read -r _ status _ <&3
[ "$status" = 200 ]
