"""Passkeys by WebAuthn (W3C, level 2): what the browser is asked for, and whether its answer is right.

Attestations are not asked for: which make of key somebody uses is not our business. The user must be verified (a
finger, a face, a PIN): the key is then two factors at once, and may stand for password and code.
"""

import hashlib
from typing import Final

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.parse_authentication_credential_json import parse_authentication_credential_json
from webauthn.helpers.parse_registration_credential_json import parse_registration_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.dashboard.domain.passkey import Passkey, Site
from services.dashboard.ports.passkeys import NewKey
from shared.errors import Invalid

_NAME: Final = "見積デスク"
_BROKEN: Final = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)
"""What an answer that was made up may lead to: deeply nested JSON, for one, is a `RecursionError`."""


class WebAuthn:
    """`PasskeyChecks`."""

    def registration(self, site: Site, account: str, known: tuple[str, ...], challenge: bytes) -> str:
        handle = hashlib.sha256(f"mitsumori-desk:{account}".encode()).digest()
        options = generate_registration_options(
            rp_id=site.host,
            rp_name=_NAME,
            user_id=handle,
            user_name=account,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known],
        )
        return options_to_json(options)

    def log_in(self, site: Site, challenge: bytes) -> str:
        options = generate_authentication_options(
            rp_id=site.host, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
        )
        return options_to_json(options)

    def challenge_of(self, answer: str) -> bytes:
        try:
            credential = parse_authentication_credential_json(answer)
        except _BROKEN:
            try:
                made = parse_registration_credential_json(answer)
            except _BROKEN:
                raise Invalid("bad-passkey") from None
            return self._challenge(made.response.client_data_json)
        return self._challenge(credential.response.client_data_json)

    def key_of(self, answer: str) -> str:
        try:
            return bytes_to_base64url(parse_authentication_credential_json(answer).raw_id)
        except _BROKEN:
            raise Invalid("bad-passkey") from None

    def new_key(self, site: Site, answer: str, challenge: bytes) -> NewKey:
        try:
            verified = verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                require_user_verification=True,
            )
        except _BROKEN:
            raise Invalid("bad-passkey") from None
        return NewKey(
            id=bytes_to_base64url(verified.credential_id),
            public_key=verified.credential_public_key,
            uses=verified.sign_count,
        )

    def uses(self, site: Site, answer: str, challenge: bytes, key: Passkey) -> int:
        try:
            verified = verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=site.host,
                expected_origin=site.origin,
                credential_public_key=key.public_key,
                credential_current_sign_count=key.uses,
                require_user_verification=True,
            )
        except _BROKEN:
            raise Invalid("bad-passkey") from None
        return verified.new_sign_count

    def _challenge(self, client_data: bytes) -> bytes:
        try:
            return parse_client_data_json(client_data).challenge
        except _BROKEN:
            raise Invalid("bad-passkey") from None
