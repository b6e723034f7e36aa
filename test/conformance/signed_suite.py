"""boto3 and botocore's signers against a server that verifies. Prints one JSON object: what each case was answered.

usage: signed_suite.py URL CREDENTIALS_JSON
"""
import datetime
import email.utils
import json
import sys
import urllib.error
import urllib.request

import boto3
import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

URL, WHO = sys.argv[1], json.loads(sys.argv[2])
REGION = "eu-west-1"
ONCE = Config(retries={"total_max_attempts": 1})


def client(who):
    return boto3.client(
        "kms",
        endpoint_url=URL,
        region_name=REGION,
        aws_access_key_id=who["AccessKeyId"],
        aws_secret_access_key=who["SecretAccessKey"],
        aws_session_token=who.get("SessionToken"),
        config=ONCE,
    )


def answer(call):
    try:
        call()
        return "OK"
    except ClientError as error:
        said = error.response
        return [said["Error"]["Code"], said["Error"]["Message"], said["ResponseMetadata"]["HTTPStatusCode"]]


def at_another_time(seconds, call):
    """Runs with botocore's idea of the time set off."""
    shift = datetime.timedelta(seconds=seconds)
    name = "get_current_datetime" if hasattr(botocore.auth, "get_current_datetime") else "datetime"
    real = getattr(botocore.auth, name)
    if name == "datetime":

        class Shifted:
            datetime = type("datetime", (real.datetime,), {"utcnow": classmethod(lambda _: real.datetime.utcnow() + shift)})

        fake = Shifted
    else:
        fake = lambda *args, **kwargs: real(*args, **kwargs) + shift
    setattr(botocore.auth, name, fake)
    try:
        return call()
    finally:
        setattr(botocore.auth, name, real)


def presigned(who, expires=60):
    request = AWSRequest(
        method="POST",
        url=URL + "/",
        headers={"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "TrentService.ListKeys"},
    )
    body = b"{}"
    keys = Credentials(who["AccessKeyId"], who["SecretAccessKey"], who.get("SessionToken"))

    class WithBody(botocore.auth.SigV4QueryAuth):
        """botocore takes the body of a presigned request for parameters; this one keeps it."""

        def payload(self, request):
            import hashlib

            return hashlib.sha256(body).hexdigest()

    WithBody(keys, "kms", REGION, expires=expires).add_auth(request)
    sent = urllib.request.Request(request.url, data=body, headers=dict(request.headers), method="POST")
    try:
        with urllib.request.urlopen(sent) as response:
            return [response.status, json.loads(response.read())["Truncated"]]
    except urllib.error.HTTPError as error:
        return [error.code, json.loads(error.read())["__type"]]


def by_date_header(who):
    """botocore goes by a Date header where there is one, and then sends no X-Amz-Date."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "TrentService.ListKeys",
        "Date": email.utils.formatdate(usegmt=True),
    }
    request = AWSRequest(method="POST", url=URL + "/", headers=headers, data=b"{}")
    botocore.auth.SigV4Auth(Credentials(who["AccessKeyId"], who["SecretAccessKey"]), "kms", REGION).add_auth(request)
    sent = urllib.request.Request(request.url, data=b"{}", headers=dict(request.headers), method="POST")
    with urllib.request.urlopen(sent) as response:
        return [response.status, "X-Amz-Date" in request.headers]


def list_keys(who):
    return answer(lambda: client(who).list_keys())


user, session = WHO["user"], WHO["session"]
print(
    json.dumps(
        {
            "user": list_keys(user),
            "session": list_keys(session),
            "wrong_secret": list_keys({**user, "SecretAccessKey": "wrong"}),
            "unknown": list_keys({**user, "AccessKeyId": "AKIANOBODYNOBODY0001"}),
            "token_missing": list_keys({**session, "SessionToken": None}),
            "expired": list_keys(WHO["expired"]),
            "four_minutes_slow": at_another_time(-240, lambda: list_keys(user)),
            "an_hour_slow": at_another_time(-3600, lambda: list_keys(user))[:1],
            "an_hour_fast": at_another_time(3600, lambda: list_keys(user))[:1],
            "by_date_header": by_date_header(user),
            "presigned": presigned(user),
            "presigned_by_session": presigned(session),
            "presigned_expired": at_another_time(-120, lambda: presigned(user)),
            "presigned_early": at_another_time(-120, lambda: presigned(user, expires=600)),
            "presigned_wrong_secret": presigned({**user, "SecretAccessKey": "wrong"}),
        }
    )
)
