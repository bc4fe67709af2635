# Stands in for the image of Mailpit: without its pages, which npm would have to build.
FROM scratch
COPY mailpit /mailpit
WORKDIR /tmp
ENTRYPOINT ["/mailpit"]
