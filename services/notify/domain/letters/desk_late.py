"""The desk is told of requests whose result does not come: one letter for all that were found together."""

from typing import Final

from services.notify.domain.letters.desk_overdue import about_cases, is_about_results

DESK_LATE: Final = about_cases("desk-late", "処理の遅れ", list_query="stuck=1", is_meant=is_about_results)
