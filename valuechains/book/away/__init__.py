"""The book to take along, made from the pages that `make book` built: on paper, for an e-reader, in one zip."""
