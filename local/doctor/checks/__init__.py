"""Every check, in the order in which they are shown."""

from typing import Final

from local.doctor.check import Group
from local.doctor.checks import kafka, keys, ledgers, machine, mail, mongo, products, settings, versions

GROUPS: Final = (
    Group("設定", settings.CHECKS),
    Group("鍵", keys.CHECKS),
    Group("端末", machine.CHECKS),
    Group("MongoDB", mongo.CHECKS),
    Group("Kafka", kafka.CHECKS),
    Group("待っているもの", ledgers.CHECKS),
    Group("商品", products.CHECKS),
    Group("メールと証明書", mail.CHECKS),
    Group("バージョン", versions.CHECKS),
)
