"""Microseconds a value for sealing, opening and fingerprinting: python -m tests.benchmarks.sealing

Bulk writing seals three values and takes two fingerprints a member. The median of five rounds counts.
"""

import statistics
import time

from django.conf import settings

from cunsao.personal_data import cipher

PLACE = "members.member.national_id"
NUMBERS = [f"341226{number:012}" for number in range(4240)]  # 18 characters, nobody's
ROUNDS = 5


def microseconds(deed, values):
    """The median of five rounds, per value."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for value in values:
            deed(value)
        rounds.append(time.perf_counter() - start)
    return statistics.median(rounds) / len(values) * 1e6


def main():
    settings.configure(PERSONAL_DATA_KEYS=["bench:" + "1a" * 32], FINGERPRINT_KEY="2b" * 32)
    for kind in ("aes", "sm4"):
        settings.CUNSAO_CIPHER = kind
        sealed = [cipher.seal(number, PLACE) for number in NUMBERS]
        print(f"{kind}  seal       {microseconds(cipher.sealer(PLACE), NUMBERS):6.2f} µs in bulk")
        print(f"{kind}  seal       {microseconds(lambda text: cipher.seal(text, PLACE), NUMBERS):6.2f} µs one by one")
        print(f"{kind}  unseal     {microseconds(lambda value: cipher.unseal(value, PLACE), sealed):6.2f} µs")
    print(f"     fingerprint {microseconds(cipher.fingerprinter('national_id'), NUMBERS):5.2f} µs in bulk")


if __name__ == "__main__":
    main()
