"""The pricing engine for a whole book at once: numpy columns of whole numbers, the same yen as the engine itself.

`BatchTariff`, `BatchCurve` and the like do for all requests what `Tariff` and `Curve` of `pricing.tariff` do for one.
"""
