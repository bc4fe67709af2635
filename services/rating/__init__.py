"""Prices a request or refers it; keeps the quote with its workings."""
