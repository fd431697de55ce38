"""A check of schemathesis: what is unavailable is so for a moment only."""

import time

import requests
import schemathesis


@schemathesis.check
def available_again(ctx, response, case):
    """A disk that stalled answers later. What ends with 503 however often it is sent, is a finding."""
    status = response.status_code
    for _ in range(3):
        if status != 503:
            return
        time.sleep(int(response.headers["retry-after"][0]))
        with requests.Session() as session:
            status = session.send(response.request, timeout=35).status_code
    assert status != 503, "503, whenever it is sent"
