"""Draws charts in a process of its own: for each a line of JSON in and its SVG as a line of JSON out.

Started by ``drawing.py`` as a file, so that it imports nothing but the renderer; ends with its input.
"""

import json
import signal
import sys

import vl_convert

EMPTY = {"data": {"values": []}, "mark": "point"}

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who interrupts a run means the run, which ends the input
    vl_convert.vegalite_to_svg(EMPTY)  # starts the renderer before the first chart is there
    for line in sys.stdin:
        wanted = json.loads(line)
        try:
            answer = {"svg": vl_convert.vegalite_to_svg(wanted["chart"], time_format_locale=wanted["dates"])}
        except ValueError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)
