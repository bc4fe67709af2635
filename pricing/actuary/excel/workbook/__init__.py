"""The workbook itself: how it is written, and how it is read when it comes back edited."""
