"""Answers to a product's form: read as people type them, and checked as a whole. Intake and the desk refuse the same.

What a program sends, what a customer types and what staff correct on the telephone goes through the same check, so
that rating never prices an answer that the form would not have taken.
"""
