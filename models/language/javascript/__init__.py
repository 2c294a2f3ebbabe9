"""JavaScript's values, which the languages of workflow documents are specified in."""
