"""YAML that can be edited without losing anything: what is not edited keeps its very text, comments and spacing."""
