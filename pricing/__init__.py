"""What a cover costs: tariffs as data, the engine that prices by them, and the actuary's tools."""
