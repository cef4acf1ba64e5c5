"""The picture of the job's tasks, drawn from the job's own definition: ``python -m student_track.job_flow``."""

from html import escape

import yaml

from student_track.resources import resource

WIDTH, HEIGHT, GAP, STEP = 270, 40, 30, 80
BOX = 'rx="6" fill="#eef3f8" stroke="#33516e"'


def dependencies() -> dict[str, list[str]]:
    """Return each task of the job with the tasks it waits for, in the job's order."""
    settings = yaml.safe_load(resource("params/job_settings.yml").read_text(encoding="utf-8"))
    tasks = next(iter(settings["resources"]["jobs"].values()))["tasks"]
    return {task["task_key"]: [other["task_key"] for other in task.get("depends_on", [])] for task in tasks}


def as_svg() -> str:
    """Return the picture: a box for each task, an arrow from what it waits for, one row for each step."""
    waits = dependencies()
    places = _places(waits)
    height = (max(row for _, row in places.values()) + 1) * STEP
    width = (max(column for column, _ in places.values()) + 1) * (WIDTH + GAP) + GAP
    told = "; ".join(f"{task} after {' and '.join(before)}" for task, before in waits.items() if before)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif">',
        f"<title>The tasks of the job</title><desc>{escape(told)}</desc>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#33516e"/></marker></defs>',
        *(_arrow(places[other], places[task]) for task, before in waits.items() for other in before),
        *(_box(task, *place) for task, place in places.items()),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _places(waits: dict[str, list[str]]) -> dict[str, tuple[int, int]]:
    """Column and row of each task: below all it waits for, in the first one's column or the next that is free."""
    places: dict[str, tuple[int, int]] = {}
    for task, before in waits.items():
        row = max((places[other][1] + 1 for other in before), default=0)
        column = places[before[0]][0] if before else 0
        while (column, row) in places.values():
            column += 1
        places[task] = (column, row)
    return places


def _box(task: str, column: int, row: int) -> str:
    x, y = GAP + column * (WIDTH + GAP), 20 + row * STEP
    text = f'<text x="{x + WIDTH // 2}" y="{y + 25}" text-anchor="middle" font-size="14">{escape(task)}</text>'
    return f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" {BOX}/>{text}'


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, x2 = (GAP + column * (WIDTH + GAP) + WIDTH // 2 for column in (start[0], end[0]))
    y1, y2 = 20 + start[1] * STEP + HEIGHT, 20 + end[1] * STEP
    return f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#33516e" fill="none" marker-end="url(#end)"/>'


if __name__ == "__main__":
    print(as_svg(), end="")
