"""Personal numbers: read, checked, stored sealed, shown masked, found by fingerprint."""

from cunsao.personal_data import masks
from cunsao.personal_data.cipher import CannotUnseal, fingerprint
from cunsao.personal_data.fields import EncryptedTextField, FingerprintField, prepared
from cunsao.personal_data.numbers import NumberRefused, bank_account, national_id, phone
from cunsao.personal_data.secret import Secret

__all__ = [
    "CannotUnseal",
    "EncryptedTextField",
    "FingerprintField",
    "NumberRefused",
    "Secret",
    "bank_account",
    "fingerprint",
    "masks",
    "national_id",
    "phone",
    "prepared",
]
