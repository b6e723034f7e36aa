"""Drives a KMS with boto3 and prints what it saw as one JSON object a line: {"case": name, "saw": value}.

Judges nothing: boto3.test.ts beside it says what should have been seen. Usage: boto3_suite.py ENDPOINT
"""

import concurrent.futures
import datetime
import json
import os
import subprocess
import sys
import tempfile

import boto3
import botocore
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = sys.argv[1]
ACCOUNT = "111122223333"
REGION = "eu-west-1"
CONTEXT = {"tenant": "a", "ключ": "🔑"}
called = set()


def client(account=ACCOUNT, region=REGION):
    made = boto3.client(
        "kms",
        endpoint_url=ENDPOINT,
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )
    made.meta.events.register("after-call.kms", remember)
    return made


def remember(http_response, model, **_):
    if http_response.status_code == 200:
        called.add(model.name)


kms = client()


def new_key(of=None, **request):
    return (of or kms).create_key(**request)["KeyMetadata"]


def members(answer):
    return sorted(name for name in answer if name != "ResponseMetadata")


def refusal(call, **request):
    """What boto3 makes of an error. It gives an absent message as an empty one."""
    try:
        call(**request)
    except ClientError as error:
        meta = error.response["ResponseMetadata"]
        return {
            "class": type(error).__name__,
            "code": error.response["Error"]["Code"],
            "message": error.response["Error"].get("Message"),
            "status": meta["HTTPStatusCode"],
            "hasRequestId": len(meta.get("RequestId", "")) == 36,
            "retries": meta["RetryAttempts"],
        }
    return "no error"


def create_and_describe():
    key = new_key(Description="ключ 🔑", Tags=[{"TagKey": "team", "TagValue": "a"}])
    described = kms.describe_key(KeyId=key["Arn"])["KeyMetadata"]
    age = datetime.datetime.now(datetime.timezone.utc) - key["CreationDate"]
    return {
        "members": sorted(key),
        "isSame": described == key,
        "arn": key["Arn"].replace(key["KeyId"], "ID"),
        "description": described["Description"],
        "isYoung": abs(age.total_seconds()) < 60,
    }


def four_identifiers():
    key = new_key()
    kms.create_alias(AliasName="alias/four", TargetKeyId=key["KeyId"])
    names = [key["KeyId"], key["Arn"], "alias/four", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/four"]
    return [kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] == key["Arn"] for name in names]


def encrypt_and_decrypt():
    key = new_key()
    lengths = [1, 32, 4096]
    opened = []
    for length in lengths:
        plaintext = bytes(range(256)) * 16
        sealed = kms.encrypt(KeyId=key["KeyId"], Plaintext=plaintext[:length], EncryptionContext=CONTEXT)
        answer = kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"], EncryptionContext=CONTEXT)
        opened.append(answer["Plaintext"] == plaintext[:length] and answer["KeyId"] == key["Arn"])
    return {"isOpened": opened, "encrypt": members(sealed), "decrypt": members(answer)}


def data_keys():
    key = new_key()["KeyId"]
    lengths = []
    for size in ({"KeySpec": "AES_256"}, {"KeySpec": "AES_128"}, {"NumberOfBytes": 1024}):
        made = kms.generate_data_key(KeyId=key, **size)
        opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"])["Plaintext"]
        lengths.append([len(made["CiphertextBlob"]), len(opened), opened == made["Plaintext"]])
    sealed = kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_256")
    return {
        "lengths": lengths,
        "members": members(made),
        "sealedMembers": members(sealed),
        "sealedLength": len(kms.decrypt(CiphertextBlob=sealed["CiphertextBlob"])["Plaintext"]),
    }


def re_encrypt():
    source, destination = new_key(), new_key()
    sealed = kms.encrypt(KeyId=source["KeyId"], Plaintext=b"moved", EncryptionContext=CONTEXT)
    moved = kms.re_encrypt(
        CiphertextBlob=sealed["CiphertextBlob"],
        SourceEncryptionContext=CONTEXT,
        DestinationKeyId=destination["KeyId"],
        DestinationEncryptionContext={"tenant": "b"},
    )
    opened = kms.decrypt(CiphertextBlob=moved["CiphertextBlob"], EncryptionContext={"tenant": "b"})
    return {
        "members": members(moved),
        "isMoved": [moved["SourceKeyId"], moved["KeyId"]] == [source["Arn"], destination["Arn"]],
        "plaintext": opened["Plaintext"].decode(),
        "isUnderDestination": opened["KeyId"] == destination["Arn"],
    }


def asymmetric():
    signing = new_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyId"]
    request = {"KeyId": signing, "Message": b"sign here", "SigningAlgorithm": "ECDSA_SHA_256"}
    signed = kms.sign(**request)
    verified = kms.verify(Signature=signed["Signature"], **request)
    agreeing = [new_key(KeySpec="ECC_NIST_P521", KeyUsage="KEY_AGREEMENT")["KeyId"] for _ in range(2)]
    secrets = [
        kms.derive_shared_secret(
            KeyId=ours,
            KeyAgreementAlgorithm="ECDH",
            PublicKey=kms.get_public_key(KeyId=theirs)["PublicKey"],
        )["SharedSecret"]
        for ours, theirs in (agreeing, agreeing[::-1])
    ]
    return {
        "sign": members(signed),
        "isVerified": verified["SignatureValid"],
        "isShared": [len(secrets[0]), secrets[0] == secrets[1]],
        "refused": refusal(kms.verify, Signature=signed["Signature"], **{**request, "Message": b"not here"}),
    }


def macs():
    key = new_key(KeySpec="HMAC_512", KeyUsage="GENERATE_VERIFY_MAC")["KeyId"]
    request = {"KeyId": key, "Message": b"tag me", "MacAlgorithm": "HMAC_SHA_512"}
    made = kms.generate_mac(**request)
    verified = kms.verify_mac(Mac=made["Mac"], **request)
    return {"length": len(made["Mac"]), "isVerified": verified["MacValid"]}


def data_key_pairs():
    key = new_key()["KeyId"]
    made = kms.generate_data_key_pair(KeyId=key, KeyPairSpec="RSA_2048", EncryptionContext=CONTEXT)
    opened = kms.decrypt(CiphertextBlob=made["PrivateKeyCiphertextBlob"], EncryptionContext=CONTEXT)
    sealed = kms.generate_data_key_pair_without_plaintext(KeyId=key, KeyPairSpec="ECC_SECG_P256K1")
    return {
        "isOpened": opened["Plaintext"] == made["PrivateKeyPlaintext"],
        "members": members(made),
        "sealedMembers": members(sealed),
    }


def random_bytes():
    drawn = [kms.generate_random(NumberOfBytes=length)["Plaintext"] for length in (1, 32, 1024)]
    return [len(each) for each in drawn]


def last_usage():
    key = new_key()["KeyId"]
    never = kms.get_key_last_usage(KeyId=key)["KeyLastUsage"]
    used = kms.generate_data_key(KeyId=key, KeySpec="AES_256")["ResponseMetadata"]["RequestId"]
    last = kms.get_key_last_usage(KeyId=key)["KeyLastUsage"]
    return [never, last["Operation"], last["KmsRequestId"] == used]


def key_stores():
    return kms.describe_custom_key_stores()["CustomKeyStores"]


def aliases():
    first, second = new_key(), new_key()
    seen = [members(kms.create_alias(AliasName="alias/moving", TargetKeyId=first["KeyId"]))]
    kms.update_alias(AliasName="alias/moving", TargetKeyId=second["KeyId"])
    listed = kms.list_aliases(KeyId=second["KeyId"])["Aliases"]
    seen.append([alias["AliasName"] for alias in listed])
    seen.append(all(isinstance(alias["CreationDate"], datetime.datetime) for alias in listed))
    kms.delete_alias(AliasName="alias/moving")
    seen.append(kms.list_aliases(KeyId=second["KeyId"])["Aliases"])
    return seen


def tags():
    key = new_key()["KeyId"]
    kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "1"}, {"TagKey": "b", "TagValue": "2"}])
    kms.untag_resource(KeyId=key, TagKeys=["a"])
    return kms.list_resource_tags(KeyId=key)["Tags"]


def policies():
    key = new_key()["KeyId"]
    names = kms.list_key_policies(KeyId=key)["PolicyNames"]
    before = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    policy = json.dumps({"Version": "2012-10-17", "Statement": before["Statement"]})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    after = kms.get_key_policy(KeyId=key)["Policy"]
    return {"names": names, "defaultId": before["Id"], "isKept": after == policy}


def states():
    key = new_key()["KeyId"]

    def state():
        return kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]

    seen = [state()]
    kms.disable_key(KeyId=key)
    seen.append(state())
    kms.enable_key(KeyId=key)
    seen.append(state())
    due = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    seen.append(state())
    kms.cancel_key_deletion(KeyId=key)
    seen.append(state())
    away = due["DeletionDate"] - datetime.datetime.now(datetime.timezone.utc)
    return {"states": seen, "daysAway": round(away.total_seconds() / 86400), "window": due["PendingWindowInDays"]}


def description():
    key = new_key()["KeyId"]
    kms.update_key_description(KeyId=key, Description="another")
    return kms.describe_key(KeyId=key)["KeyMetadata"]["Description"]


def rotation():
    key = new_key()["KeyId"]
    off = kms.get_key_rotation_status(KeyId=key)
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
    on = kms.get_key_rotation_status(KeyId=key)
    kms.disable_key_rotation(KeyId=key)
    again = kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]
    blobs = []
    for round_ in range(3):
        blobs.append(kms.encrypt(KeyId=key, Plaintext=b"%d" % round_)["CiphertextBlob"])
        kms.rotate_key_on_demand(KeyId=key)
    return {
        "off": members(off),
        "on": members(on),
        "period": on["RotationPeriodInDays"],
        "again": again,
        "opened": [kms.decrypt(CiphertextBlob=blob)["Plaintext"].decode() for blob in blobs],
        "types": [each["RotationType"] for each in kms.list_key_rotations(KeyId=key)["Rotations"]],
    }


def openssl(*words, **files):
    """Runs openssl in a folder that holds these files, and gives what it prints."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        return subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True).stdout


def oaep(public_key, plaintext):
    options = ("rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256")
    return openssl(
        *("pkeyutl", "-encrypt", "-in", "plaintext", "-inkey", "key", "-keyform", "DER", "-pubin"),
        *(word for option in options for word in ("-pkeyopt", option)),
        key=public_key,
        plaintext=plaintext,
    )


def parameters_for(key, algorithm):
    return kms.get_parameters_for_import(KeyId=key, WrappingAlgorithm=algorithm, WrappingKeySpec="RSA_2048")


def import_symmetric():
    key = new_key(Origin="EXTERNAL")
    given = parameters_for(key["KeyId"], "RSAES_OAEP_SHA_256")
    lasts = given["ParametersValidTo"] - datetime.datetime.now(datetime.timezone.utc)
    material = openssl("rand", "32")

    def bring(material, **request):
        sealed = oaep(given["PublicKey"], material)
        request = {"KeyId": key["KeyId"], "ImportToken": given["ImportToken"], **request}
        return kms.import_key_material(EncryptedKeyMaterial=sealed, **request)

    until = datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc)
    soon = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(days=30)
    imported = bring(material, ValidTo=soon)
    described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    blob = kms.encrypt(KeyId=key["KeyId"], Plaintext=b"kept")["CiphertextBlob"]
    bring(openssl("rand", "32"), ImportType="NEW_KEY_MATERIAL", ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE")
    kms.rotate_key_on_demand(KeyId=key["KeyId"])
    listed = kms.list_key_rotations(KeyId=key["KeyId"], IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
    kms.delete_imported_key_material(KeyId=key["KeyId"], KeyMaterialId=imported["KeyMaterialId"])
    waiting = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"]
    bring(material, ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE")
    return {
        "states": [key["KeyState"], described["KeyState"], waiting],
        "given": members(given),
        "hours": round(lasts.total_seconds() / 3600),
        "imported": members(imported),
        "expires": [described["ExpirationModel"], described["ValidTo"] == soon],
        "listed": [[each["KeyMaterialState"], each["ImportState"]] for each in listed],
        "opened": kms.decrypt(CiphertextBlob=blob)["Plaintext"].decode(),
        "refused": [
            refusal(bring, material=openssl("rand", "32"), ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE")["code"],
            refusal(bring, material=material, ValidTo=until)["code"],
            refusal(bring, material=material, ValidTo=soon, ImportToken=b"none")["code"],
        ],
    }


def import_elliptic():
    key = new_key(Origin="EXTERNAL", KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyId"]
    given = parameters_for(key, "RSA_AES_KEY_WRAP_SHA_256")
    pem = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    material = openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", "-in", "pem", pem=pem)
    aes_key = openssl("rand", "32")
    wrap = ("enc", "-id-aes256-wrap-pad", "-K", aes_key.hex(), "-iv", "A65959A6", "-in", "material")
    sealed = oaep(given["PublicKey"], aes_key) + openssl(*wrap, material=material)
    kms.import_key_material(
        KeyId=key,
        ImportToken=given["ImportToken"],
        EncryptedKeyMaterial=sealed,
        ExpirationModel="KEY_MATERIAL_DOES_NOT_EXPIRE",
    )
    public_key = openssl("pkey", "-in", "pem", "-pubout", "-outform", "DER", pem=pem)
    signature = openssl("dgst", "-sha256", "-sign", "pem", "message", pem=pem, message=b"sign here")
    request = {"KeyId": key, "Message": b"sign here", "SigningAlgorithm": "ECDSA_SHA_256"}
    return [
        kms.get_public_key(KeyId=key)["PublicKey"] == public_key,
        kms.verify(Signature=signature, **request)["SignatureValid"],
    ]


def multi_region():
    key = new_key(MultiRegion=True)["KeyId"]
    blob = kms.encrypt(KeyId=key, Plaintext=b"abroad")["CiphertextBlob"]
    replica = kms.replicate_key(KeyId=key, ReplicaRegion="us-west-2")
    kms.update_primary_region(KeyId=key, PrimaryRegion="us-west-2")
    there = client(region="us-west-2")
    configuration = there.describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]
    return {
        "replica": members(replica),
        "type": configuration["MultiRegionKeyType"],
        "opened": there.decrypt(CiphertextBlob=blob)["Plaintext"].decode(),
    }


def paginators():
    paging = client(account="222233334444")
    made = {new_key(paging)["KeyId"] for _ in range(5)}
    pages = list(paging.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2}))
    listed = [key["KeyId"] for page in pages for key in page["Keys"]]
    return {"pages": [len(page["Keys"]) for page in pages], "isWhole": len(listed) == 5 and set(listed) == made}


def scopes():
    def scope(**who):
        return ":".join(new_key(client(**who))["Arn"].split(":")[1:5])

    unsigned = boto3.client(
        "kms", endpoint_url=ENDPOINT, region_name=REGION, config=Config(signature_version=botocore.UNSIGNED)
    )
    return [
        scope(),
        scope(account="444455556666", region="ap-southeast-2"),
        scope(account="AKIAEXAMPLE"),
        ":".join(new_key(unsigned)["Arn"].split(":")[1:5]),
    ]


def grants():
    """A grant from its creation to its end, under both names of its end."""
    key = new_key()
    grantee = "arn:aws:iam::111122223333:role/app"
    made = kms.create_grant(
        KeyId=key["KeyId"],
        GranteePrincipal=grantee,
        RetiringPrincipal=grantee,
        Operations=["Decrypt", "GenerateDataKey"],
        Constraints={"EncryptionContextSubset": CONTEXT},
        Name="suite",
    )
    listed = kms.list_grants(KeyId=key["KeyId"])["Grants"]
    pages = kms.get_paginator("list_retirable_grants").paginate(RetiringPrincipal=grantee)
    retirable = [grant["GrantId"] for page in pages for grant in page["Grants"]]
    kms.revoke_grant(KeyId=key["KeyId"], GrantId=made["GrantId"])
    token = kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=grantee, Operations=["Decrypt"])["GrantToken"]
    kms.retire_grant(GrantToken=token)
    return {
        "isListed": [grant["GrantId"] for grant in listed] == [made["GrantId"]],
        "isRetirable": retirable == [made["GrantId"]],
        "constraints": listed[0]["Constraints"] == {"EncryptionContextSubset": CONTEXT},
        "name": listed[0]["Name"],
        "left": len(kms.list_grants(KeyId=key["KeyId"])["Grants"]),
        "refused": refusal(kms.retire_grant, GrantToken="abc"),
    }


def at_once():
    key = new_key()["KeyId"]

    def there_and_back(number):
        text = b"message %d" % number
        return kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=text)["CiphertextBlob"])["Plaintext"] == text

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return all(pool.map(there_and_back, range(40)))


def refused_disabled():
    key = new_key()
    kms.disable_key(KeyId=key["KeyId"])
    seen = refusal(kms.encrypt, KeyId=key["KeyId"], Plaintext=b"x")
    return {**seen, "message": seen["message"].replace(key["KeyId"], "ID")}


def refused_context():
    sealed = kms.encrypt(KeyId=new_key()["KeyId"], Plaintext=b"x", EncryptionContext=CONTEXT)["CiphertextBlob"]
    return refusal(kms.decrypt, CiphertextBlob=sealed)


def refused_other_key():
    sealed = kms.encrypt(KeyId=new_key()["KeyId"], Plaintext=b"x")["CiphertextBlob"]
    return refusal(kms.decrypt, CiphertextBlob=sealed, KeyId=new_key()["KeyId"])


def caught_by_class():
    """Code written for AWS catches exceptions by the classes that the client makes from the model."""
    try:
        kms.describe_key(KeyId="00000000-0000-4000-8000-000000000000")
    except kms.exceptions.NotFoundException as error:
        return str(error)


CASES = [
    create_and_describe,
    four_identifiers,
    encrypt_and_decrypt,
    asymmetric,
    macs,
    data_key_pairs,
    data_keys,
    re_encrypt,
    random_bytes,
    last_usage,
    key_stores,
    aliases,
    tags,
    policies,
    states,
    description,
    rotation,
    import_symmetric,
    import_elliptic,
    multi_region,
    paginators,
    grants,
    scopes,
    at_once,
    refused_disabled,
    refused_context,
    refused_other_key,
    caught_by_class,
    ("refused_malformed_id", lambda: refusal(kms.describe_key, KeyId="my-key")),
    ("refused_garbage", lambda: refusal(kms.decrypt, CiphertextBlob=b"not a blob")),
    ("refused_reserved_alias", lambda: refusal(kms.delete_alias, AliasName="alias/aws/s3")),
    ("refused_tag", lambda: refusal(kms.create_key, Tags=[{"TagKey": "aws:x", "TagValue": ""}])),
    ("refused_dry_run", lambda: refusal(kms.encrypt, KeyId=new_key()["KeyId"], Plaintext=b"x", DryRun=True)),
    ("refused_key_store", lambda: refusal(kms.connect_custom_key_store, CustomKeyStoreId="cks-0")),
    ("refused_window", lambda: refusal(kms.schedule_key_deletion, KeyId=new_key()["KeyId"], PendingWindowInDays=6)),
    ("operations", lambda: sorted(called)),
]

for case in CASES:
    name, look = (case.__name__, case) if callable(case) else case
    try:
        saw = look()
    except Exception as error:  # A case that breaks must not hide those behind it.
        saw = f"{type(error).__name__}: {error}"
    print(json.dumps({"case": name, "saw": saw}), flush=True)
