"""HTTP: routes, pages, headers, and the documents generated from the tables."""
