"""What the commands of `mitsumori tariff` do. Imported when one runs: these files may import anything at the top."""
