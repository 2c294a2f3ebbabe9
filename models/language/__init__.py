"""The languages inside workflow documents: queries, transformations, evaluations. Pure: values in, values out."""
