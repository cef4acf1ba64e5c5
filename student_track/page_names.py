"""Names of the pages' files: what writes the pages and what links to them agree on these."""

import hashlib
import re

INDEX = "index.html"
FIX_IT = "fix_it.html"


def cohort_file(cohort: str) -> str:
    """Return the file name of a cohort's page: readable where it can be, unique by a hash, safe whatever the name."""
    slug = re.sub(r"[^a-z0-9]+", "-", cohort.lower()).strip("-")[:40]
    digest = hashlib.sha256(cohort.encode()).hexdigest()[:8]
    return f"cohort-{slug}-{digest}.html" if slug else f"cohort-{digest}.html"


def student_file(student_key: str) -> str:
    """Return the file name of a student's page: from the pseudonym alone, without giving the whole of it away.

    It begins as the label that stands on pages and in messages, so that people find it; the hash makes it the one.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", student_key[:8].lower()).strip("-")
    return f"student-{slug}-{hashlib.sha256(student_key.encode()).hexdigest()[:12]}.html"
