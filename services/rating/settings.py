"""What rating needs to know of its surroundings: only what every service needs to know."""

from shared.runtime.settings import RuntimeSettings


class Settings(RuntimeSettings):
    """`MITSUMORI_KEYS` holds rating's secret keys and the public ones of rating, the desk and notify."""
