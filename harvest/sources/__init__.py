"""One file a service or format, each behind `harvest.source.Source` or a function of its own."""
