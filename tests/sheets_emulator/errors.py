"""Error answers of Google's, in the form they were recorded."""

from typing import Any, NamedTuple

Json = dict[str, Any]
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


class Answer(NamedTuple):
    """Status and JSON body."""

    status: int
    body: Json


def sheets_error(status: int, name: str, message: str, reason: str = "", **metadata: str) -> Answer:
    info = {"@type": ERROR_INFO, "reason": reason, "domain": "googleapis.com", "metadata": metadata}
    details = {"details": [info]} if reason else {}
    return Answer(status, {"error": {"code": status, "message": message, "status": name, **details}})


def drive_error(status: int, reason: str, message: str, domain: str = "global") -> Answer:
    entry = {"domain": domain, "reason": reason, "message": message}
    return Answer(status, {"error": {"errors": [entry], "code": status, "message": message}})


UNAUTHENTICATED = sheets_error(
    401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", "ACCESS_TOKEN_TYPE_UNSUPPORTED"
)
NOT_SHARED = sheets_error(403, "PERMISSION_DENIED", "The caller does not have permission")
NOT_FOUND = sheets_error(404, "NOT_FOUND", "Requested entity was not found.")
OFFICE_FILE = sheets_error(400, "FAILED_PRECONDITION", "This operation is not supported for this document")
SCOPE_MISSING = sheets_error(
    403,
    "PERMISSION_DENIED",
    "Request had insufficient authentication scopes.",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    service="sheets.googleapis.com",
)
SHEETS_DISABLED = sheets_error(
    403,
    "PERMISSION_DENIED",
    "Google Sheets API has not been used in project 1 before or it is disabled.",
    "SERVICE_DISABLED",
    service="sheets.googleapis.com",
)
DRIVE_DISABLED = drive_error(
    403, "accessNotConfigured", "Access Not Configured. Drive API has not been used in project 1.", "usageLimits"
)
DRIVE_SCOPE_MISSING = drive_error(
    403, "insufficientPermissions", "Insufficient Permission: Request had insufficient authentication scopes."
)
DRIVE_QUOTA = drive_error(403, "userRateLimitExceeded", "User Rate Limit Exceeded", "usageLimits")
READ_QUOTA = sheets_error(
    429,
    "RESOURCE_EXHAUSTED",
    "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service "
    "'sheets.googleapis.com' for consumer 'project_number:1'.",
    "RATE_LIMIT_EXCEEDED",
    service="sheets.googleapis.com",
    consumer="projects/1",
    quota_location="global",
    quota_metric="sheets.googleapis.com/read_requests",
    quota_limit="ReadRequestsPerMinutePerUser",
    quota_limit_value="60",
)
UNAVAILABLE = sheets_error(503, "UNAVAILABLE", "The service is currently unavailable.")


def bad_range(text: str) -> Answer:
    return sheets_error(400, "INVALID_ARGUMENT", f"Unable to parse range: {text}")


def beyond_grid(text: str, count_rows: int, count_columns: int) -> Answer:
    message = f"Range ({text}) exceeds grid limits. Max rows: {count_rows}, max columns: {count_columns}"
    return sheets_error(400, "INVALID_ARGUMENT", message)
