"""The sponsor's report: the measures of each brand over one session or many, and its files. Pure."""
