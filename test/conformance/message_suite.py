"""Messages through the AWS Encryption SDK for Python, as told by JSON on the standard input.

Each case is {"do": "encrypt" | "decrypt", "keys": [ARN], "suite": name, "frame": bytes, "context": {}, "bytes": base64}.
Answers with a JSON list of {"bytes": base64, "context": {}}, in the same order.
"""

import base64
import json
import os
import sys

import aws_encryption_sdk
import boto3
from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy

SUITES = {
    "AES_256_GCM_HKDF_SHA512_COMMIT_KEY": Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY,
    "AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384": Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384,
}


class Provider(aws_encryption_sdk.StrictAwsKmsMasterKeyProvider):
    """KMS keys of the endpoint under test."""

    def add_regional_client(self, region_name):
        if region_name not in self._regional_clients:
            self._regional_clients[region_name] = boto3.client(
                "kms", region_name=region_name, endpoint_url=os.environ["AWS_ENDPOINT_URL_KMS"]
            )


client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)


def perform(case):
    provider = Provider(key_ids=case["keys"])
    source = base64.b64decode(case["bytes"])
    if case["do"] == "encrypt":
        result, header = client.encrypt(
            source=source,
            key_provider=provider,
            algorithm=SUITES[case["suite"]],
            frame_length=case["frame"],
            encryption_context=case["context"],
        )
    else:
        result, header = client.decrypt(source=source, key_provider=provider)
    return {"bytes": base64.b64encode(result).decode(), "context": header.encryption_context}


json.dump([perform(case) for case in json.load(sys.stdin)], sys.stdout)
