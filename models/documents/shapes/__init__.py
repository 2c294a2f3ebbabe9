"""What is in the documents that are stored and shown: a TypedDict for each, so that a misspelt key is an error.

The types are closed: they name the keys that this code may read or write. A document that another program wrote may
hold more of them, which go along untouched, and may lack those that are required here. Where a document of others is
looked at, `object_at` and its like still ask what is there.
"""
