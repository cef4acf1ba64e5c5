"""Pseudonyms: the same for the same student and secret, of another secret nothing alike."""

from student_track.privacy import student_key


def test_it_is_the_first_half_of_the_hmac():
    # RFC 4231, test case 2: HMAC-SHA-256 of this text under the key "Jefe" begins 5bdcc146bf60754e
    assert student_key(b"Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e"


def test_ids_and_secrets_make_a_difference():
    assert len({student_key(secret, student) for secret in (b"a", b"b") for student in ("007", "7", "07")}) == 6
