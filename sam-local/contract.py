"""The expected answers over the data of seed.js, worked out by hand."""

import json
import re
from decimal import Decimal

from stack import Failed

API = "/api/v1"
JANUARY = "batch-20250115-abc12345"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
STARTED = "2025-01-15T10:30:00.123000Z"


class ATime:
    """Stands for any time in the contract's form."""

    def __eq__(self, other):
        return isinstance(other, str) and bool(TIME.fullmatch(other))

    def __repr__(self):
        return "<a time like 2025-01-15T10:30:00.000000Z>"


A_TIME = ATime()


def number(text):
    """A JSON number exactly as it was written."""
    return Decimal(text)


def parse(body):
    try:
        return json.loads(body, parse_float=number, parse_int=number)
    except ValueError:
        raise Failed(f"not JSON: {body[:300]!r}")


def same(where, got, want):
    """Compares key by key: the keys' order, the values' types, numbers by value."""
    if isinstance(want, dict):
        if not isinstance(got, dict) or list(got) != list(want):
            raise Failed(f"{where}: keys {list(got) if isinstance(got, dict) else got!r}, "
                         f"expected {list(want)}")
        for key, value in want.items():
            same(f"{where}.{key}", got[key], value)
    elif isinstance(want, list):
        if not isinstance(got, list) or len(got) != len(want):
            raise Failed(f"{where}: {got!r}, expected {want!r}")
        for index, value in enumerate(want):
            same(f"{where}[{index}]", got[index], value)
    elif isinstance(want, (int, float)) and not isinstance(want, bool):
        if not isinstance(got, Decimal) or got != Decimal(str(want)):
            raise Failed(f"{where}: {got!r}, expected {want}")
    elif isinstance(want, ATime):
        if want != got:
            raise Failed(f"{where}: {got!r}, expected {want!r}")
    elif type(got) is not type(want) or got != want:
        raise Failed(f"{where}: {got!r}, expected {want!r}")


def answer(what, response, want, status=200):
    """An answer of the API; returns it parsed."""
    got_status, headers, body = response
    if got_status != status:
        raise Failed(f"{what}: {got_status}, expected {status}: {body[:500]}")
    if headers.get("content-type", "").split(";")[0] != "application/json":
        raise Failed(f"{what}: content type {headers.get('content-type')!r}")
    same(what, parse(body), want)


def problem(what, response, status):
    """An error as a problem document, with what the frontend reads."""
    got_status, headers, body = response
    if got_status != status:
        raise Failed(f"{what}: {got_status}, expected {status}: {body[:500]}")
    if headers.get("content-type", "").split(";")[0] != "application/problem+json":
        raise Failed(f"{what}: content type {headers.get('content-type')!r}")
    document = parse(body)
    keys = ["type", "title", "status", "detail", "code", "message"]
    if list(document) != keys:
        raise Failed(f"{what}: keys {list(document)}, expected {keys}")
    same(f"{what}.status", document["status"], status)
    if document["message"] != document["detail"]:
        raise Failed(f"{what}: message {document['message']!r} is not the detail")
    if not re.fullmatch(r"[A-Z][A-Z_]+", document["code"]):
        raise Failed(f"{what}: code {document['code']!r}")


def status_of(batch_id, total, pending, completed, failed=0, suspended=0, cost=0, minutes=0,
              progress=0, is_active=True, completed_at=None):
    return {
        "batch_id": batch_id, "is_active": is_active, "total_jobs": total,
        "pending_jobs": pending, "completed_jobs": completed, "failed_jobs": failed,
        "suspended_jobs": suspended, "total_cost": cost, "total_minutes": minutes,
        "progress_percentage": progress, "started_at": STARTED, "completed_at": completed_at,
    }


JANUARY_STATUS = status_of(JANUARY, 16, 6, 4, 2, 1, cost=1.1489, minutes=7.7561, progress=25)

JANUARY_ROW = {
    "_id": "678790a00000000000000002", "batch_id": JANUARY, "account_id": "acc-chile-001",
    "name": "Campaña enero", "description": None, "status": "active", "is_active": True,
    "is_cancelling": False, "priority": 1, "total_jobs": 16, "pending_jobs": 6,
    "scheduled_jobs": 1, "in_progress_jobs": 1, "completed_jobs": 4, "failed_jobs": 2,
    "suspended_jobs": 1, "cancelled_jobs": 1, "total_cost": 1.1489, "total_minutes": 7.7561,
    "estimated_cost": None, "progress_percentage": 25, "finished_percentage": 50,
    "created_at": STARTED, "started_at": STARTED, "completed_at": None, "cancelled_at": None,
    "cancellation_reason": None, "last_activity_at": STARTED,
}

JANUARY_SUMMARY = {
    "batch_id": JANUARY, "name": "Campaña enero", "account_id": "acc-chile-001",
    "status": "active", "total_jobs": 16, "pending_jobs": 6, "completed_jobs": 4,
    "failed_jobs": 2, "suspended_jobs": 1, "completion_rate": 25, "total_cost": 1.1489,
    "total_minutes": 7.7561, "priority": 1, "created_at": STARTED, "started_at": STARTED,
    "completed_at": None,
    "hourly_stats": [
        {"hour": 11, "date": "2025-01-15", "total_calls": 2, "successful_calls": 1,
         "success_rate": 50},
        {"hour": 10, "date": "2025-01-15", "total_calls": 3, "successful_calls": 2,
         "success_rate": 66.67},
        {"hour": 23, "date": "2025-01-14", "total_calls": 1, "successful_calls": 1,
         "success_rate": 100},
    ],
}


def overview_of(account, today, pending, completed, failed, rate, active, jobs, cost, minutes):
    return {
        "success": True, "timestamp": A_TIME, "account": account,
        "metrics": {"jobs_today": today, "success_rate_percentage": rate,
                    "active_batches": active, "pending_jobs": pending},
        "detailed_stats": {
            "jobs": {"today": today, "pending": pending, "completed": completed,
                     "failed": failed, "total_finished": completed + failed},
            "batches": {"active_count": active, "total_jobs": jobs, "total_cost": cost,
                        "total_minutes": minutes},
        },
    }


CHILE = {"account_id": "acc-chile-001", "name": "Cliente Chile Principal", "status": "active",
         "balance": 5000, "billing_type": "credits"}
PERU = {"account_id": "acc-peru-001", "name": "Cliente Perú", "status": "active",
        "balance": 650, "billing_type": "minutes"}

DRY_RUN = {"action": "cancel", "batches": 3, "jobs": 16, "unchanged": 0, "examples": [
    {"batch_id": JANUARY, "name": "Campaña enero"},
    {"batch_id": "batch-20250117-cab00004", "name": "Por cancelar"},
    {"batch_id": "batch-20250118-cab00005", "name": "Por cancelar también"},
]}
OPERATION = {"operation_id": "678790a0f0e1d2c3b4a59687", "action": "cancel",
             "reason": "Cliente solicitó detención", "actor": "ana", "created_at": STARTED,
             "batches": 12, "done": 12, "unchanged": 3, "jobs_cancelled": 48210,
             "finished_at": STARTED}


def cancelled(reason):
    return {"success": True, "message": "Batch cancelled successfully", "reason": reason}


def switched(how):
    return {"success": True, "message": f"Batch {how}"}
