"""The forms that a product had before: what was answered under one of them is shown in its words, and not in today's.

Each is the form.yaml of its time in `former-forms/`, called as its version, which has a hash of its content: a former
form that was changed afterwards is found at the start.
"""

from pathlib import Path

from shared.products.errors import Problem, ProductError
from shared.products.form.form import Form
from shared.products.form.load import load_form


def load_former_forms(folder: Path, consent_version: str) -> dict[str, Form]:
    """Every form in *folder*, by its version; none without that folder. Raises `ProductError` with all that is wrong.

    They pass the checks of a form, but need not fit what the product has today: its tariffs, its letters, its papers.
    """
    forms: dict[str, Form] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*")):
        try:
            form = load_form(path, consent_version)
        except ProductError as error:
            problems += error.problems
            continue
        if path.name != f"{form.version}.yaml":
            message = f"holds the version {form.version}: a former form is never changed, and is called as its version"
            problems.append(Problem(path, 0, "", message))
        forms[form.version] = form
    if problems:
        raise ProductError(problems)
    return forms
